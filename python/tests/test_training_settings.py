"""The settings of the engine trl, by their declaration."""

from __future__ import annotations

import unittest

from reward_studio.declared import load_declared
from reward_studio.errors import StudioError
from reward_studio.methods import METHODS
from reward_studio.training.settings import for_method, resolve_settings, settings_of


class SettingsTest(unittest.TestCase):
    def test_every_default_is_one_of_the_values_allowed(self) -> None:
        for method in METHODS:
            defaults = resolve_settings(method, {})
            self.assertEqual(resolve_settings(method, defaults), defaults)
            self.assertEqual(list(defaults), [setting["name"] for setting in settings_of(method)])

    def test_every_setting_says_what_it_means_and_where_its_default_is_from(self) -> None:
        names = [setting["name"] for setting in load_declared("engines/trl/settings.json")["settings"]]
        self.assertEqual(len(set(names)), len(names))
        for method in METHODS:
            for setting in settings_of(method):
                self.assertTrue(for_method(setting["source"], method), setting["name"])
                self.assertTrue(setting["description"], setting["name"])

    def test_the_learning_rate_depends_on_the_adapter(self) -> None:
        self.assertEqual(resolve_settings("bradley-terry", {})["learning_rate"], 9e-6)
        self.assertEqual(resolve_settings("bradley-terry", {"lora_rank": 8})["learning_rate"], 1e-4)
        self.assertEqual(
            resolve_settings("bradley-terry", {"lora_rank": 8, "learning_rate": 0.5})["learning_rate"], 0.5
        )

    def test_a_value_out_of_range_is_refused_by_name(self) -> None:
        refused = (
            ("bradley-terry", {"learning_rate": 0}, "above 0 to 1"),
            ("bradley-terry", {"batch_size": 2.5}, "a whole number"),
            ("bradley-terry", {"packing": True}, 'no setting "packing"'),
            ("sft", {"packing": 1}, "true or false"),
            ("sft", {"precision": "fp16"}, "auto, bf16, fp32"),
            ("pairwise", {"reward": "linear"}, "one of exact"),
            ("pointwise", {"temperature": True}, "a number"),
        )
        for method, given, message in refused:
            with self.subTest(given), self.assertRaisesRegex(StudioError, message) as caught:
                resolve_settings(method, given)
            self.assertEqual(caught.exception.code, "usage")
            self.assertEqual(caught.exception.where["field"], next(iter(given)))


if __name__ == "__main__":
    unittest.main()
