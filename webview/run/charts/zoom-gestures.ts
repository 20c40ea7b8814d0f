/** What the wheel and the keyboard make of the range that a chart shows. */

type Range = readonly [from: number, to: number];

/** Ctrl and the wheel zoom about a place, Shift and the wheel pan; undefined where the page is scrolled. */
export function rangeByWheel(
  event: WheelEvent,
  [from, to]: Range,
  { centre, width }: { readonly centre: number; readonly width: number },
): Range | undefined {
  if (event.ctrlKey || event.metaKey) {
    const factor = event.deltaY > 0 ? 1.25 : 0.8;
    return [centre - (centre - from) * factor, centre + (to - centre) * factor];
  }
  if (!event.shiftKey) return undefined;
  const by = ((event.deltaY || event.deltaX) / width) * (to - from);
  return [from + by, to + by];
}

export function rangeByKey(key: string, [from, to]: Range): Range | undefined {
  if (key !== '+' && key !== '-') return undefined;
  const by = (to - from) * (key === '+' ? 0.25 : -0.5);
  return [from + by, to - by];
}

/** Where the arrow moves the crosshair to, within what is shown. */
export function placeByKey(key: string, [from, to]: Range, at: number | null): number | undefined {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step === undefined) return undefined;
  const span = to - from;
  return Math.min(to, Math.max(from, (at ?? from + span / 2) + (step * span) / 60));
}
