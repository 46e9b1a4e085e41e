import {
  ConfirmPayment,
  GiveBackOverpayment,
  IssueAccessGrant,
  ListOverpayments,
  RefundPayment,
  ResumeOrg,
  SuspendOrg,
} from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

/** What operators do. */
export const PLATFORM: RouteTable = {
  tag: 'platform',
  routes: [
    {
      verb: 'post',
      path: '/v1/platform/access-grants',
      contract: IssueAccessGrant,
      summary: 'Grant an address access and mail the link',
      status: 201,
    },
    {
      verb: 'post',
      path: '/v1/platform/orgs/{slug}/suspend',
      contract: SuspendOrg,
      summary: 'Block an organization everywhere',
    },
    { verb: 'post', path: '/v1/platform/orgs/{slug}/resume', contract: ResumeOrg, summary: 'Lift the block' },
    {
      verb: 'post',
      path: '/v1/platform/payments/{id}/confirm',
      contract: ConfirmPayment,
      summary: 'Confirm that a payment has come in',
    },
    {
      verb: 'post',
      path: '/v1/platform/payments/{id}/refund',
      contract: RefundPayment,
      summary: 'Say how much of a payment has gone back',
    },
    {
      verb: 'get',
      path: '/v1/platform/overpayments',
      contract: ListOverpayments,
      summary: 'List orders for which more was paid than their price',
    },
    {
      verb: 'post',
      path: '/v1/platform/payments/{id}/give-back',
      contract: GiveBackOverpayment,
      summary: 'Give back what was paid for an order beyond its price',
    },
  ],
};
