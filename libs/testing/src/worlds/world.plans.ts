import type { WorldTable } from './two.worlds.js';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Schema?: string;
  Alias?: string;
  Filter?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Plans?: PlanNode[];
}

/** As EXPLAIN gives a plan, in JSON. */
export type Plan = readonly { readonly Plan: PlanNode }[];

/** Reads what EXPLAIN says in JSON, where costs beyond all numbers are written as no JSON is. */
export function planOf(text: string): Plan {
  return JSON.parse(text.replaceAll(/: (-?Infinity|NaN)/g, ': "$1"')) as Plan;
}

const READS = /^(Seq|Index|Index Only|Bitmap Heap|Tid|Tid Range|Sample) Scan$/;

/**
 * Where a plan reads a table without asking for the tenant's key first: the filter does not begin with the policy, or
 * an index is searched by something else than the key.
 *
 * @returns what reads in such a way, in words; nothing for a plan as it must be
 */
export function unguarded(plan: Plan, tables: readonly WorldTable[]): string[] {
  return plan
    .flatMap(({ Plan: root }) => nodesOf(root))
    .flatMap((node) => {
      const table = tables.find(({ name }) => name === node['Relation Name']);
      if (!table || !READS.test(node['Node Type'])) return [];
      const findings: string[] = [];
      const key = table.keys[0] ?? '';
      if (!new RegExp(`^\\(*(\\w+\\.)?${key} OPERATOR\\(tenancy_hidden\\.===\\)`).test(node.Filter ?? ''))
        findings.push(`${node['Node Type']} of ${table.name} begins with ${node.Filter ?? 'no filter'}`);
      const searched = node['Index Cond'] ?? node['Recheck Cond'];
      if (searched !== undefined && !new RegExp(`(^|\\W)${key} = `).test(searched))
        findings.push(`${node['Node Type']} of ${table.name} is searched by ${searched}`);
      return findings;
    });
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** A plan without what depends on what a connection has in its caches: pages are counted however they were found. */
export function comparablePlan(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparablePlan);
  if (typeof value !== 'object' || value === null) return value;
  const node = value as Record<string, unknown>;
  const kept = Object.entries(node).filter(([name]) => !/Blocks$|^Planning/.test(name));
  const pages = (kind: string): number =>
    Number(node[`${kind} Hit Blocks`] ?? 0) + Number(node[`${kind} Read Blocks`] ?? 0);
  return {
    ...Object.fromEntries(kept.map(([name, part]) => [name, comparablePlan(part)])),
    ...('Shared Hit Blocks' in node && { pages: pages('Shared') + pages('Local') }),
  };
}
