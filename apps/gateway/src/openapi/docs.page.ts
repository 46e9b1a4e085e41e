import type { OpenAPIObject } from '@nestjs/swagger';
import { htmlPage, type HtmlPage, text } from '../pages/html.page.js';
import { curlCommand, needsToken, ORIGIN } from './curl.command.js';
import { exampleValue } from './example.value.js';

interface Operation {
  readonly operationId?: string;
  readonly tags?: string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Entry {
  readonly verb: string;
  readonly path: string;
  readonly operation: Operation;
}

const style = `
:root{--patch:#8a5700}@media(prefers-color-scheme:dark){:root{--patch:#e8b35a}}
main{max-width:60rem}nav ul{columns:3 12rem;list-style:none;padding:0}details{border:1px solid var(--line);border-radius:8px;margin:.5rem 0;background:var(--card)}
summary{cursor:pointer;padding:.55rem .8rem;display:flex;gap:.8rem;align-items:baseline;flex-wrap:wrap}details>div{padding:0 1rem 1rem}
.verb{font:600 .75rem ui-monospace,monospace;text-transform:uppercase;min-width:3.6rem}.get{color:var(--good)}.post{color:var(--accent)}.patch{color:var(--patch)}.delete{color:var(--bad)}
code,pre{font:.86rem ui-monospace,monospace}code,td{overflow-wrap:anywhere}td:first-child code{overflow-wrap:normal}pre{overflow:auto;background:var(--ground);padding:.7rem;border-radius:6px}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem .25rem 0;vertical-align:top;border-bottom:1px solid var(--line);font-weight:400}th{color:var(--quiet)}`;

/** What an address or a link points to is closed until somebody opens it: this does, also when it was closed again since. */
const script = `const show=()=>{const at=document.getElementById(location.hash.slice(1));if(at instanceof HTMLDetailsElement){at.open=true;at.scrollIntoView()}};
addEventListener('hashchange',show);addEventListener('click',(event)=>{if(event.target.closest('a[href^="#"]'))setTimeout(show)});show();`;

/** The OpenAPI document as a page to read: nothing from elsewhere, and `{{origin}}` where the address of the API belongs. */
export function docsPage(document: OpenAPIObject): HtmlPage {
  const entries = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Operation>).map(([verb, operation]): Entry => ({
      verb,
      path,
      operation,
    })),
  );
  const tags = [...new Set(entries.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  const schemas = Object.entries(document.components?.schemas ?? {});
  const named = document.components?.schemas ?? {};
  const body = `<main><h1>${text(document.info.title)} API</h1>${(document.info.description ?? '')
    .split('\n')
    .map((line) => `<p>${prose(line)}</p>`)
    .join('')}
<p>Sign in with <code>POST /v1/auth/login</code> and send <code>Authorization: Bearer …</code>. The commands below take the organization and the token from your shell; with an address, a password and a slug of yours:</p>
<pre>${text(signingIn)}</pre>
<p>A token works for ten minutes; <code>POST /v1/auth/refresh</code> gives the next.</p>
<p>For machines: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<nav><ul>${[...tags, 'schemas'].map((tag) => `<li><a href="#${text(tag)}">${text(tag)}</a></li>`).join('')}</ul></nav>
${tags
  .map(
    (tag) =>
      `<h2 id="${text(tag)}">${text(tag)}</h2>${entries
        .filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag)
        .map((entry) => operationHtml(entry, named))
        .join('')}`,
  )
  .join('')}
<h2 id="schemas">schemas</h2>${schemas.map(([name, schema]) => `<details id="schema-${text(name)}"><summary><code>${text(name)}</code></summary><div>${schemaHtml(schema)}</div></details>`).join('')}</main>`;
  return htmlPage({ title: `${document.info.title} API`, body, style, script });
}

const signingIn = `ORG=brightpath-academy
TOKEN=$(curl -s ${ORIGIN}/v1/auth/login -H 'content-type: application/json' \\
  -d '{"email":"name@example.com","password":"correct horse battery staple"}' | \\
  node -pe 'JSON.parse(require("fs").readFileSync(0)).access_token')`;

function operationHtml({ verb, path, operation }: Entry, schemas: Readonly<Record<string, object>>): string {
  const id = text(operation.operationId ?? '');
  const parameters = operation.parameters ?? [];
  const parts = [
    operation.description ? `<p>${prose(operation.description)}</p>` : '',
    operation.security
      ? `<p>${needsToken(operation) ? 'Needs a bearer token.' : 'Takes a bearer token and no body, or the body and no token.'}</p>`
      : '',
    parameters.length > 0
      ? `<h4>Parameters</h4><table>${parameters.map((each) => `<tr><td><code>${text(each.name)}</code></td><th>${text(each.in)}${each.required ? ', required' : ''}</th><td>${schemaLine(each.schema ?? {})} ${prose(each.description ?? '')}</td></tr>`).join('')}</table>`
      : '',
    ...Object.entries(operation.requestBody?.content ?? {}).map(
      ([type, { schema }]) =>
        `<h4>Body <code>${text(type)}</code></h4>${schemaHtml(schema)}${type === 'application/json' ? `<p>For example:</p><pre>${text(JSON.stringify(exampleValue(schema, schemas), undefined, 2))}</pre>` : ''}`,
    ),
    `<h4>From a shell</h4><pre class="curl">${text(curlCommand(verb, path, operation, schemas))}</pre>`,
    `<h4>Answers</h4><table>${Object.entries(operation.responses)
      .map(
        ([status, { description, content }]) =>
          `<tr><td><code>${text(status)}</code></td><td>${prose(description)} ${Object.entries(content ?? {})
            .map(([type, { schema }]) => `<code>${text(type)}</code> ${schemaLine(schema)}`)
            .join(', ')}</td></tr>`,
      )
      .join('')}</table>`,
  ];
  return `<details id="${id}"><summary><span class="verb ${text(verb)}">${text(verb)}</span><code>${text(path)}</code><span>${text(operation.summary ?? '')}</span></summary><div>${parts.join('')}<p><a href="#${id}">Link to this operation</a></p></div></details>`;
}

function schemaHtml(schema: object): string {
  const { properties, required = [] } = schema as { properties?: Record<string, object>; required?: string[] };
  if (!properties) return `<p>${schemaLine(schema)}</p>`;
  return `<table>${Object.entries(properties)
    .map(
      ([name, property]) =>
        `<tr><td><code>${text(name)}</code></td><th>${required.includes(name) ? 'required' : ''}</th><td>${schemaLine(property)}</td></tr>`,
    )
    .join('')}</table>`;
}

/** A schema in one line: what it is, then its limits. */
function schemaLine(schema: object): string {
  const {
    $ref,
    anyOf,
    type,
    items,
    description,
    properties: _properties,
    ...limits
  } = schema as {
    $ref?: string;
    anyOf?: object[];
    type?: unknown;
    items?: object;
    description?: string;
    properties?: unknown;
  };
  if ($ref) {
    const name = text($ref.split('/').at(-1) ?? '');
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (anyOf) return anyOf.map(schemaLine).join(' or ');
  const rest = Object.entries(limits)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ');
  return `${text(String(type ?? 'anything'))}${items ? ` of ${schemaLine(items)}` : ''}${rest ? ` <span class="quiet">${text(rest)}</span>` : ''}${description ? ` ${prose(description)}` : ''}`;
}

/** Text with `code`. */
function prose(line: string): string {
  return text(line).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
