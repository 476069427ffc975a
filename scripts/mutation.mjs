// Run by whatever Node the machine has, before anything is installed; see start.mjs.
// npm run mutation [-- path …]: the mutation score of libs/domain, or of the files and folders named. Reports in reports/mutation.
import './stage-zero/check-node.mjs';

void import('./checks/mutation.mjs').then(({ mutation }) => mutation());
