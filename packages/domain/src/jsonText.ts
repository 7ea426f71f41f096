/** Text inside JSON quotes. */

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
/** From here on a half of a surrogate pair may stand alone, which JSON escapes. */
const SURROGATES = 0xd800;

/** The text as it stands between the quotes of a JSON string: nearly always the text itself. */
export function escapeJson(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < SPACE || code === QUOTE || code === BACKSLASH || code >= SURROGATES) {
      return JSON.stringify(text).slice(1, -1);
    }
  }
  return text;
}
