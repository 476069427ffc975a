// Run by whatever Node the machine has, before anything is installed; see start.mjs.
// npm run check-log:verify [-- --from 2026-11-01 --to 2026-11-30 --json --journal --no-answers]
import './stage-zero/check-node.mjs';

void import('./launcher/check-log.mjs').then(({ checkLog }) => checkLog());
