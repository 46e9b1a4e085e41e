import { Module } from '@nestjs/common';

/** Lead imports: files in chunks, mapped, checked row by row. */
@Module({})
export class ImportsModule {}
