import type { MailMessage } from './mail.message.js';
import { linksIn } from './mail.message.js';

const SHOWN = 100;

/** The page's style sheet, served as a file of its own so that the content policy can forbid inline styles. */
export const MAIL_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; }
.hint { opacity: .7; margin-top: .2rem; }
form { margin: 1rem 0; display: flex; gap: .5rem; }
input { flex: 1; font: inherit; padding: .3rem .5rem; }
button { font: inherit; }
article { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; padding: .8rem 1rem; margin: 1rem 0; }
article h2 { font-size: 1.05rem; margin: 0; }
.meta { opacity: .7; font-size: .875rem; margin: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .6rem 0 0; }
`;

/**
 * Shows new mails without loading the page anew, which would eat what somebody types into the search field; and waits
 * while somebody has a part of a mail selected.
 */
export const MAIL_SCRIPT = `
setInterval(async () => {
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const [shown, fresh] = [document, page].map((each) => each.querySelector('main'));
  const selection = getSelection();
  const selected = !selection.isCollapsed && selection.containsNode(shown, true);
  if (selected || shown.innerHTML === fresh.innerHTML) return;
  shown.replaceWith(fresh);
  document.title = page.title;
}, 3000);
`;

/** The inbox as a page: newest first, everything in a mail shown as text, its addresses as links. */
export function mailPage(messages: readonly MailMessage[], to: string | undefined): string {
  const shown = messages.slice(-SHOWN).reverse();
  const hint =
    messages.length === 0
      ? to
        ? 'No mail to such an address yet.'
        : 'No mail yet.'
      : `${messages.length} ${messages.length === 1 ? 'mail' : 'mails'}, newest first.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<noscript><meta http-equiv="refresh" content="5"></noscript>
<title>(${messages.length}) Local inbox – Apollo Space</title>
<link rel="stylesheet" href="/style.css">
<script src="/inbox.js" defer></script>
</head>
<body>
<h1>Local inbox</h1>
<p class="hint">Every mail the platform sends on this machine ends here and nowhere else.</p>
<form method="get" action="/"><input name="to" type="search" placeholder="Only mails to addresses with this in them" value="${escapeHtml(to ?? '')}" aria-label="Address"><button>Show</button></form>
<main>
<p class="hint">${hint}</p>
${shown.map(article).join('\n')}
</main>
</body>
</html>
`;
}

function article(message: MailMessage): string {
  return `<article>
<h2>${escapeHtml(message.subject) || '(no subject)'}</h2>
<p class="meta">to ${escapeHtml(message.to)} · <time datetime="${message.received_at}">${message.received_at.replace('T', ' ').slice(0, 19)} UTC</time></p>
<pre>${linked(message.text)}</pre>
</article>`;
}

/** Escapes a text and turns its addresses into links; the rest of the text never becomes markup. */
function linked(text: string): string {
  let html = '';
  let rest = text;
  for (const link of text.match(/https?:\/\/\S+/gi) ?? []) {
    const [address] = linksIn(link);
    const at = address === undefined ? -1 : rest.indexOf(address);
    if (address === undefined || at < 0) continue;
    html += `${escapeHtml(rest.slice(0, at))}<a href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer">${escapeHtml(address)}</a>`;
    rest = rest.slice(at + address.length);
  }
  return html + escapeHtml(rest);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
