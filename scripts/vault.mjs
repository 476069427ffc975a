// Run by whatever Node the machine has, before anything is installed; see start.mjs.
// npm run vault:reseal: individual numbers under the current key, after another one was named (docs/operations.md).
import './stage-zero/check-node.mjs';

void import('./launcher/run-on-running.mjs').then(({ runOnRunning }) => runOnRunning('vault:reseal', [], 'office'));
