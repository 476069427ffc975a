// Run by whatever Node the machine has, before anything is installed; see start.mjs.
import './stage-zero/check-node.mjs';

void import('./stage-zero/start.mjs').then(({ test }) => test());
