import { Controller, Req, Res } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { type HtmlPage, sendPage, type SentPage } from '../pages/html.page.js';
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

/** Origins for which the page is kept: as many as a gateway has names. */
const ORIGINS_KEPT = 16;

/** Holds the document that the start makes once every route is known, as the bytes that are sent. */
export class PublishedDocument {
  private json = Buffer.alloc(0);
  private page: HtmlPage | undefined;
  private readonly pages = new LRUCache<string, Buffer>({ max: ORIGINS_KEPT });

  publish(document: OpenAPIObject): void {
    this.json = Buffer.from(JSON.stringify(document));
    this.page = docsPage(document);
    this.pages.clear();
  }

  asJson(): Buffer {
    return this.json;
  }

  /** @param origin where the API is for whoever asks, to be pasted into a shell */
  asPage(origin: string): SentPage {
    if (!this.page) throw new Error('the document is published before the first request');
    const html = this.pages.get(origin) ?? Buffer.from(this.page.html.replaceAll(ORIGIN, origin));
    this.pages.set(origin, html);
    return { ...this.page, html };
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
