// Run by whatever Node the machine has, before anything is installed; see start.mjs.
// npm run -s rule -- <name> < input.json: the rules without a server.
import './stage-zero/check-node.mjs';

void import('./rules/command.mjs').then(({ rule }) => rule());
