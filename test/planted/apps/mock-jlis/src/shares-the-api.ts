// Refused with: The mock shares only the registry's wire
import { AppModule } from '../../eligibility-api/src/app.module.js';

export const app = AppModule;
