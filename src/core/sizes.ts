/** Sizes as a person reads them. */

/** Decimal, as disks are sold: "1.2 GB". */
export const formatBytes = (bytes: number): string => `${inUnits(bytes, [' ', ' k', ' M', ' G', ' T'])}B`;

/** With three digits at most: 596000000 and ['', ' k', ' M'] give "596 M". */
export function inUnits(number: number, units: readonly string[]): string {
  let value = number;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)}${units[unit]}`;
}
