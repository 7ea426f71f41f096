/** Single figures from the server's /metrics page. */

/** @throws Error when the page does not have one of them */
export async function serverMetrics<Name extends string>(
  address: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const page = await (await fetch(`${address}/metrics`)).text();
  return metricsIn(page, names);
}

/** Of a page in the Prometheus text format: one line per metric without labels, its name and its value. */
export function metricsIn<Name extends string>(page: string, names: readonly Name[]): Record<Name, number> {
  const lines = page.split('\n');
  return Object.fromEntries(
    names.map((name) => {
      const value = lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
      if (value === undefined) throw new Error(`the server shows no metric ${name}`);
      return [name, Number(value)];
    }),
  ) as Record<Name, number>;
}
