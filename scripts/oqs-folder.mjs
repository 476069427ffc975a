// Run by whatever Node the machine has, before anything is installed; see start.mjs.
// npm run oqs:folder -- --root <folder> [--client demo-clinic] [--consumed keep] [--write rename]
import './stage-zero/check-node.mjs';

void import('./launcher/oqs-folder.mjs').then(({ oqsFolder }) => oqsFolder());
