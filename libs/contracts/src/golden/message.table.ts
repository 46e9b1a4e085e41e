import { CATALOG } from '../catalog.js';
import { type Contract, type EventContract, rootOf, typeOf } from '../message/contract.js';

function row(contract: Contract): string {
  const subject = `${rootOf(contract)}.${contract.scope === 'org' ? '<org>' : contract.scope}.${typeOf(contract)}`;
  const parties = contract.kind === 'event' ? heard(contract) : `from ${contract.callers.join(', ')}`;
  const needs =
    contract.kind === 'event'
      ? (contract.permission ?? '')
      : contract.operatorOnly
        ? 'operator'
        : (contract.permission ?? (contract.underGrant ? 'a grant' : ''));
  return `| \`${subject}\` | ${contract.kind} | ${parties} | ${needs} | ${contract.request.name} |`;
}

function heard({ consumers, delivery }: EventContract): string {
  const by = consumers.length > 0 ? `${delivery === 'durable' ? 'taken' : 'heard'} by ${consumers.join(', ')}` : '';
  return delivery === 'durable' ? [by, 'in the event stream'].filter(Boolean).join('; ') : by;
}

/** The text of `docs/messages.md`. */
export function messageTable(): string {
  return `# Messages

Generated from \`libs/contracts\` (\`npm run contracts\`). Every subject, who may send it, and what the acting member needs.

| subject | kind | parties | permission | payload |
|---|---|---|---|---|
${[...CATALOG.values()].map(row).sort().join('\n')}
`;
}
