/** How a setting of the environment is read: an empty one counts as absent, a list is parted by commas. */

export const textOf = (value: string | undefined): string | null =>
  value === undefined || value === '' ? null : value;

export const listOf = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
