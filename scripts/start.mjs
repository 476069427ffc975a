// Run by whatever Node the machine has, before anything is installed: no dependency, and in this file nothing that an
// old Node could not even read, so that the first import can say what is wrong.
import './stage-zero/check-node.mjs';

void import('./stage-zero/start.mjs').then(({ start }) => start());
