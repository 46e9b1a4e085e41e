/**
 * Checks who may import whom, over Nx's project graph, the tags of each package.json and the imports in the files.
 * Run from the root of the repository; prints one line per violation and ends with 1 if there is any.
 */
import { boundaryViolations } from './boundary-rules.mjs';
import { readWorkspace } from './workspace-graph.mjs';

const workspace = await readWorkspace(process.cwd());
const violations = boundaryViolations(workspace);
for (const violation of violations) console.error(violation);

const files = workspace.projects.reduce((total, project) => total + project.files.length, 0);
console.log(
  `${workspace.projects.length} projects, ${files} files: ${violations.length === 0 ? 'every boundary holds' : `${violations.length} violations`}`,
);
process.exitCode = violations.length === 0 && files > 0 ? 0 : 1;
