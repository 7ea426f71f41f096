/**
 * Draws a terminal session as an SVG: runs the commands given as lines of a file on a running system and renders what
 * they printed, colours included. `node scripts/terminalPicture.ts SESSION.txt OUT.svg`
 */
import { execSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [session, target] = process.argv.slice(2);
if (session === undefined || target === undefined) throw new Error('usage: terminalPicture.ts SESSION.txt OUT.svg');

const COLOURS: Readonly<Record<string, string>> = {
  '2': '#8b949e',
  '31': '#ff7b72',
  '32': '#7ee787',
  '33': '#e3b341',
  '36': '#79c0ff',
  '90': '#8b949e',
};
const ROW = 18;
const COLUMN = 7.83;
const MARGIN = 18;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

// Built from text: a control character in a regular expression literal is rightly suspicious elsewhere.
const COLOUR_CODE = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`, 'g');

/** One printed line as coloured spans. */
function spansOf(line: string): string {
  let style = '';
  return line
    .split(COLOUR_CODE)
    .map((part) => {
      if (part.startsWith('\u001b[')) {
        const codes = part.slice(2, -1).split(';');
        const colour = codes.map((code) => COLOURS[code]).find((found) => found !== undefined);
        if (colour !== undefined) style = ` fill="${colour}"`;
        else if (codes.includes('1')) style = ' font-weight="bold"';
        else style = '';
        return '';
      }
      return part === '' ? '' : `<tspan${style}>${escaped(part)}</tspan>`;
    })
    .join('');
}

const lines: string[] = [];
for (const command of readFileSync(session, 'utf8').trim().split('\n')) {
  const [shown, run] = command.includes(' ## ') ? command.split(' ## ') : [command, command];
  lines.push(`\u001b[32m$\u001b[0m \u001b[1m${shown}\u001b[0m`);
  const printed = execSync(`${run} 2>/dev/null`, {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '1', COLUMNS: '118' },
  });
  lines.push(...printed.trimEnd().split('\n'), '');
}
const columns = Math.max(...lines.map((line) => line.replace(COLOUR_CODE, '').length));
const width = Math.ceil(columns * COLUMN + 2 * MARGIN);
const height = lines.length * ROW + 2 * MARGIN;
const rows = lines.map(
  (line, i) => `<text x="${MARGIN}" y="${MARGIN + (i + 0.8) * ROW}" xml:space="preserve">${spansOf(line)}</text>`,
);
writeFileSync(
  target,
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">` +
    `<title>A terminal session with crypto-oms</title><rect width="100%" height="100%" rx="8" fill="#0d1117"/>` +
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" fill="#e6edf3">${rows.join('')}</g></svg>\n`,
);
