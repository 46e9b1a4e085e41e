/**
 * How `npm test` runs all unit and integration specs: many by one file each, because Jest has every file load all
 * modules anew, and loading the frameworks took a fifth of the time. By name they run one by one, as `npx jest` runs
 * them.
 */
import { join } from 'node:path';
import each from './jest.config.mjs';
import { writeGroups } from './tools/checks/src/groups/spec.groups.mjs';

const root = import.meta.dirname;
const groups = join(root, 'tools/checks/src/groups');
/** Those of the end-to-end tier are few, and wait for processes of their own. */
const GROUPED = ['unit', 'int'];

const projects = each.projects.map((project) => {
  const tier = project.displayName;
  if (!GROUPED.includes(tier)) return project;
  const folder = join(root, '.apollo/specs', tier);
  writeGroups(root, tier, folder);
  const [[source, [, swc]]] = Object.entries(project.transform);
  return {
    ...project,
    roots: [...project.roots, folder],
    testMatch: [`${folder}/*.spec.mjs`],
    transform: {
      [`/(apps|libs|tools)/.*\\.${tier}\\.spec\\.(ts|js|mjs)$`]: [join(groups, 'scoped.specs.mjs'), swc],
      [source]: ['@swc/jest', swc],
    },
  };
});

export default { ...each, projects };
