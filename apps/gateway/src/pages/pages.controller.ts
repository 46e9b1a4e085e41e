import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { htmlPage, sendPage } from './html.page.js';
import { type Input, linkPage } from './link.page.js';

const html = { type: 'text/html', schema: { type: 'string' } };
const HOME = planOf({
  verb: 'get',
  path: '/',
  operation: 'getHome',
  summary: 'A page that says where to go',
  answers: html,
});
const ACTIVATE = planOf({
  verb: 'get',
  path: '/activate',
  summary: 'Page behind an access grant’s link',
  answers: html,
});
const RESET = planOf({
  verb: 'get',
  path: '/reset-password',
  summary: 'Page behind a password reset link',
  answers: html,
});
const INVITATION = planOf({
  verb: 'get',
  path: '/invitations',
  summary: 'Page behind an invitation’s link',
  answers: html,
});

const name: Input = { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name' };
const address: Input = { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', fixed: true };
const newPassword: Input = {
  name: 'password',
  label: 'New password, at least 12 characters',
  type: 'password',
  autocomplete: 'new-password',
  minLength: 12,
};

const homePage = htmlPage({
  title: 'Apollo Space',
  body: '<main><h1>Apollo Space</h1><p>This is the address of the API. <a href="/docs">Read how to use it</a>.</p></main>',
});

const activatePage = linkPage(
  'Activate your account',
  'Choose a name and a password.',
  [{ id: 'activate', heading: 'Account', inputs: [name, newPassword], button: 'Activate' }],
  `on('activate','Your account is ready. You can sign in now.',f=>send('POST','/v1/auth/activate',{token,name:f.name,password:f.password}));`,
);

const resetPage = linkPage(
  'Choose a new password',
  'Every session ends when you do.',
  [{ id: 'reset', heading: 'Password', inputs: [newPassword], button: 'Save' }],
  `on('reset','Your new password holds. You can sign in now.',f=>send('POST','/v1/auth/password/reset',{token,password:f.password}));`,
);

const invitationPage = linkPage(
  'You are invited',
  'One moment…',
  [
    { id: 'join', heading: 'I am new here', inputs: [address, name, newPassword], button: 'Create account and join' },
    {
      id: 'accept',
      heading: 'I have an account',
      button: 'Sign in and join',
      inputs: [
        address,
        { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
        {
          name: 'code',
          label: 'Code of your second factor, if you have one',
          type: 'text',
          autocomplete: 'one-time-code',
          optional: true,
        },
      ],
    },
  ],
  `const invitation='/v1/invitations/'+encodeURIComponent(token);if(token)send('GET',invitation).then(i=>{document.getElementById('lead').textContent=i.org_name+' invites '+i.email+' as '+i.role+'.';
  document.querySelectorAll('input[name=email]').forEach(input=>{input.value=i.email})},error=>dead(error.passes?'That did not work just now. Please open the link in your mail again.':error.message));
on('join','Welcome! You can sign in now.',f=>send('POST',invitation+'/accept',{name:f.name,password:f.password}));
on('accept','You are in.',async f=>{const session=await send('POST','/v1/auth/login',{email:f.email,password:f.password,totp_code:f.code.trim()||undefined});
  try{await send('POST',invitation+'/accept',{},session.access_token)}finally{send('POST','/v1/auth/logout',{refresh_token:session.refresh_token}).catch(()=>{})}});`,
);

/** The few pages that mailed links lead to, until a console takes over. */
@Controller()
export class PagesController {
  @Answers(HOME, 'pages')
  home(@Res() reply: FastifyReply): void {
    sendPage(reply, homePage);
  }

  @Answers(ACTIVATE, 'pages')
  activate(@Res() reply: FastifyReply): void {
    sendPage(reply, activatePage);
  }

  @Answers(RESET, 'pages')
  reset(@Res() reply: FastifyReply): void {
    sendPage(reply, resetPage);
  }

  @Answers(INVITATION, 'pages')
  invitation(@Res() reply: FastifyReply): void {
    sendPage(reply, invitationPage);
  }
}
