// Allowed: what a shape is made of.
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';

import { other } from '../other.js';

export const parts = [ApiProperty, IsString, other];
