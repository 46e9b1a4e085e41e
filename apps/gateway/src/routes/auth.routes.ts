import {
  Activate,
  ConfirmTotp,
  EnrollTotp,
  ForgotPassword,
  Login,
  Logout,
  Refresh,
  ResetPassword,
} from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

/** Signing in and out, mailed links, the second factor. */
export const AUTH: RouteTable = {
  tag: 'auth',
  routes: [
    {
      verb: 'post',
      path: '/v1/auth/login',
      contract: Login,
      summary: 'Sign in',
      inject: ['address', 'user_agent'],
      guarded: true,
      unauthenticated: ['invalid_credentials', 'mfa_required'],
    },
    {
      verb: 'post',
      path: '/v1/auth/refresh',
      contract: Refresh,
      summary: 'Trade a refresh token for a new pair',
      inject: ['address', 'user_agent'],
      guarded: true,
      unauthenticated: ['invalid_refresh_token'],
    },
    {
      verb: 'post',
      path: '/v1/auth/logout',
      contract: Logout,
      summary: 'End the session of a refresh token',
      guarded: true,
    },
    {
      verb: 'post',
      path: '/v1/auth/activate',
      contract: Activate,
      summary: 'Make an account out of a mailed access grant',
      status: 201,
      guarded: true,
    },
    {
      verb: 'post',
      path: '/v1/auth/password/forgot',
      contract: ForgotPassword,
      summary: 'Have a reset link mailed',
      inject: ['address'],
      guarded: true,
    },
    {
      verb: 'post',
      path: '/v1/auth/password/reset',
      contract: ResetPassword,
      summary: 'Set a new password by a mailed link',
      guarded: true,
    },
    {
      verb: 'post',
      path: '/v1/auth/mfa/totp',
      contract: EnrollTotp,
      summary: 'Start a second factor',
      guarded: true,
      unauthenticated: ['unauthenticated', 'invalid_credentials', 'mfa_required'],
    },
    {
      verb: 'post',
      path: '/v1/auth/mfa/totp/confirm',
      contract: ConfirmTotp,
      summary: 'Confirm the second factor with a first code; the session counts as one with it from then on',
      inject: ['session_id'],
      guarded: true,
      unauthenticated: ['unauthenticated', 'invalid_credentials'],
    },
  ],
};
