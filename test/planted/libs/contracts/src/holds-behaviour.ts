// Refused with: Contracts hold shapes only.
import { Injectable } from '@nestjs/common';

@Injectable()
export class Behaviour {}
