// Run by whatever Node the machine has, before anything is installed; see start.mjs.
// npm run keys:rotate [-- --announce-seconds 10]
import './stage-zero/check-node.mjs';

const [command = '', ...args] = process.argv.slice(2);
void import('./launcher/run-on-running.mjs').then(({ runOnRunning }) =>
  runOnRunning(`keys:${command}`, args, 'counter'),
);
