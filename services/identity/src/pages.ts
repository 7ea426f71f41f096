/** The pages people see: signing in, signing out, and what went wrong. Plain HTML, no script, light and dark. */
import { hash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --page: #f3f5f8; --card: #fff; --text: #16202c; --quiet: #56616e; --line: #c3cad3;
  --accent: #1456c2; --on-accent: #fff; --wrong: #b3121d; --wrong-page: #fdeeee }
@media (prefers-color-scheme: dark) {
  :root { --page: #0e141b; --card: #18212b; --text: #e6ebf1; --quiet: #9aa7b5; --line: #3b4755;
    --accent: #6ea8ff; --on-accent: #0a1420; --wrong: #ff9a9f; --wrong-page: #3a1b1f } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 24rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; padding: 2rem }
h1 { margin: 0 0 .25rem; font-size: 1.375rem; line-height: 1.25 }
p { margin: 0 0 1.5rem; color: var(--quiet) }
label { display: block; margin: 0 0 .25rem; font-weight: 600 }
input { width: 100%; margin: 0 0 1rem; padding: .625rem .75rem; font: inherit; color: inherit; background: var(--page);
  border: 1px solid var(--line); border-radius: .375rem }
button, .second { display: block; width: 100%; margin: .5rem 0 0; padding: .6875rem; font: inherit; font-weight: 600;
  text-align: center; text-decoration: none; cursor: pointer; color: var(--on-accent); background: var(--accent);
  border: 1px solid var(--accent); border-radius: .375rem }
a.second { color: inherit; background: none; border-color: var(--line) }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.wrong { margin: 0 0 1.25rem; padding: .625rem .75rem; color: var(--wrong); background: var(--wrong-page);
  border-radius: .375rem }
main > a:not(.second) { color: var(--accent) }
code { overflow-wrap: anywhere }
`;
const STYLE_HASH = hash('sha256', STYLE, 'base64');

/** @param formTargets origins that a form may lead to besides our own, by way of redirects */
export const contentPolicy = (formTargets: readonly string[] = []): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    ["form-action 'self'", ...formTargets].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · crypto-oms</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

export interface SignInForm {
  /** Where the form goes. */
  readonly action: string;
  /** Shown to whoever signs in: what they sign in to. */
  readonly application: string;
  readonly formToken: string;
  /** What was typed before. */
  readonly userName: string;
  /** What was wrong with it; null at first. */
  readonly problem: string | null;
}

export function signInPage({ action, application, formToken, userName, problem }: SignInForm): string {
  const focus = (wanted: boolean) => (wanted ? ' autofocus' : '');
  const wrong = problem === null ? '' : `<div class="wrong" role="alert" id="problem">${escapeHtml(problem)}</div>\n`;
  const described = problem === null ? '' : ' aria-describedby="problem"';
  return page(
    'Sign in',
    `<h1>Sign in</h1>
<p>to ${escapeHtml(application)}</p>
${wrong}<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="formToken" value="${escapeHtml(formToken)}">
<label for="userName">User</label>
<input id="userName" name="userName" value="${escapeHtml(userName)}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required${described}${focus(userName === '')}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="200" required${described}${focus(userName !== '')}>
<button type="submit">Sign in</button>
</form>`,
  );
}

/** @param form the library's form with its hidden fields, to which the buttons belong */
export const signOutPage = (form: string, formId: string): string =>
  page(
    'Sign out',
    `<h1>Sign out?</h1>
<p>You will have to sign in again to go on.</p>
${form}
<button type="submit" form="${formId}" name="logout" value="yes" autofocus>Sign out</button>
<a class="second" href="/">Stay signed in</a>`,
  );

export const signedOutPage = (): string =>
  page('Signed out', '<h1>Signed out</h1>\n<p>You can close this page, or <a href="/">go back</a>.</p>');

export const problemPage = (title: string, detail: string): string =>
  page(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(detail)}</p>
<a href="/">Start again</a>`,
  );
