import { Module } from '@nestjs/common';
import { DocumentsModule } from '../documents/documents.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { RunProgress } from '../runs/run.progress.js';
import { RunRepository } from '../runs/run.repository.js';
import { RunService } from '../runs/run.service.js';
import { AnswerRecorder } from '../runs/work/answer.recorder.js';
import { ClaimWatch } from '../runs/work/claim.watch.js';
import { QuestionWriter } from '../runs/work/question.writer.js';
import { RunHandler } from '../runs/work/run.handler.js';
import { RunWorker } from '../runs/work/run.worker.js';
import { StarAccount } from '../runs/work/star.account.js';
import { ToolCaller } from '../runs/work/tool.caller.js';
import { WorkRepository } from '../runs/work/work.repository.js';
import { JobsModule } from '../work/jobs.module.js';
import { ConversationController } from './conversation.controller.js';
import { ConversationRepository } from './conversation.repository.js';
import { ConversationService } from './conversation.service.js';

/** Conversations, and the runs in which personas answer. */
@Module({
  imports: [JobsModule, MemoryModule, DocumentsModule],
  controllers: [ConversationController],
  providers: [
    ConversationRepository,
    ConversationService,
    RunRepository,
    RunService,
    WorkRepository,
    RunWorker,
    RunHandler,
    QuestionWriter,
    StarAccount,
    ToolCaller,
    ClaimWatch,
    AnswerRecorder,
    RunProgress,
  ],
  exports: [RunHandler],
})
export class ConversationsModule {}
