// Run by whatever Node the machine has, before anything is installed; see start.mjs.
// npm run supply-chain [-- secrets | openapi | install …]: what npm test leaves out, as it needs tools of its own or the network.
import './stage-zero/check-node.mjs';

void import('./checks/supply-chain.mjs').then(({ supplyChain }) => supplyChain());
