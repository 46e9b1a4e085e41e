import { Controller, Req, Res } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { type HtmlPage, sendPage } from '../pages/html.page.js';
import { ORIGIN } from './curl.command.js';
import { docsPage } from './docs.page.js';

const OPENAPI = planOf({
  verb: 'get',
  path: '/openapi.json',
  summary: 'This document',
  answers: { type: 'application/json', schema: { type: 'object' } },
});
const DOCS = planOf({
  verb: 'get',
  path: '/docs',
  summary: 'This document as a page to read',
  answers: { type: 'text/html', schema: { type: 'string' } },
});

/** Holds the document that the start makes once every route is known. */
export class PublishedDocument {
  private json = '';
  private page: HtmlPage | undefined;

  publish(document: OpenAPIObject): void {
    this.json = JSON.stringify(document);
    this.page = docsPage(document);
  }

  asJson(): string {
    return this.json;
  }

  /** @param origin where the API is for whoever asks, to be pasted into a shell */
  asPage(origin: string): HtmlPage {
    if (!this.page) throw new Error('the document is published before the first request');
    return { ...this.page, html: this.page.html.replaceAll(ORIGIN, origin) };
  }
}

/** The OpenAPI document for machines and for people. */
@Controller()
export class DocsController {
  constructor(private readonly document: PublishedDocument) {}

  @Answers(OPENAPI, 'docs')
  openapi(@Res() reply: FastifyReply): void {
    reply.header('content-type', 'application/json; charset=utf-8').send(this.document.asJson());
  }

  @Answers(DOCS, 'docs')
  docs(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    sendPage(reply, this.document.asPage(originOf(request)));
  }
}

/** A name and a port and nothing else: it is pasted into a shell. */
const HOST = /^[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/i;

function originOf({ protocol, host }: FastifyRequest): string {
  return HOST.test(host) ? `${protocol}://${host}` : 'https://api.example.com';
}
