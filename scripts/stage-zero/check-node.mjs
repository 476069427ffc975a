// Imports are carried out in order, so this speaks before a newer file is read.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    'Shikaku needs Node 20.19 or newer to start (it brings Node 26 for itself); this is Node ' +
      process.versions.node +
      '.\nhttps://nodejs.org has a current one.',
  );
  process.exit(1);
}
