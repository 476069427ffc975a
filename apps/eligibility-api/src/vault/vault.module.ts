import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { SETTINGS, type Settings } from '../settings/index.js';
import { readVaultKeys } from './vault-keys.js';
import { VaultSeal } from './vault-seal.js';
import { Vault } from './vault.js';

/** For the office alone: the counter has neither the keys nor the rights. */
@Global()
@Module({
  providers: [
    {
      provide: VaultSeal,
      inject: [SETTINGS],
      useFactory: async (settings: Settings) => new VaultSeal(await readVaultKeys(settings.VAULT_SECRETS_DIR)),
    },
    {
      provide: Vault,
      inject: [DataSource, VaultSeal],
      useFactory: (dataSource: DataSource, seal: VaultSeal) => new Vault(dataSource, seal),
    },
  ],
  exports: [Vault],
})
export class VaultModule {}
