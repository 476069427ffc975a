// Run by whatever Node the machine has, before anything is installed; see start.mjs.
// npm run check-log:verify [-- --from 2026-11-01 --to 2026-11-30 --json --journal --no-answers]
import './stage-zero/check-node.mjs';

const [command = '', ...args] = process.argv.slice(2);
void import('./launcher/run-on-running.mjs').then(({ runOnRunning }) =>
  runOnRunning(`check-log:${command}`, args, 'counter'),
);
