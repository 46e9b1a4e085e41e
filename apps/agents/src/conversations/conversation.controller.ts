import {
  agentsMessages,
  CancelRun,
  CreateConversation,
  GetConversation,
  GetRun,
  ListConversations,
  PostMessage,
  UpdateConversation,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { RunService } from '../runs/run.service.js';
import { ConversationService } from './conversation.service.js';

@Controller()
export class ConversationController {
  constructor(
    private readonly conversations: ConversationService,
    private readonly runs: RunService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles(ListConversations)
  list(@Payload() request: agentsMessages.ListConversationsRequest): Promise<agentsMessages.ConversationList> {
    return this.conversations.list(request);
  }

  @Handles(GetConversation)
  get(@Payload() request: agentsMessages.ConversationRequest): Promise<agentsMessages.ConversationPage> {
    return this.conversations.get(request);
  }

  @Handles(CreateConversation)
  create(@Payload() request: agentsMessages.CreateConversationRequest): Promise<agentsMessages.Conversation> {
    return this.conversations.create(request, this.clock());
  }

  @Handles(UpdateConversation)
  update(@Payload() request: agentsMessages.UpdateConversationRequest): Promise<agentsMessages.Conversation> {
    return this.conversations.update(request);
  }

  @Handles(PostMessage)
  post(@Payload() request: agentsMessages.PostMessageRequest): Promise<agentsMessages.Run> {
    return this.runs.post(request, this.clock());
  }

  @Handles(GetRun)
  trace(@Payload() request: agentsMessages.RunRequest): Promise<agentsMessages.RunTrace> {
    return this.runs.trace(request);
  }

  @Handles(CancelRun)
  cancel(@Payload() request: agentsMessages.CancelRunRequest): Promise<agentsMessages.Run> {
    return this.runs.cancel(request.id, this.clock());
  }
}
