// Refused with: A re-check asks through the use case of check-in, and finds out nothing by itself.
import { ReplicaReader } from '../replica/replica-reader.js';

export const reader = ReplicaReader;
