import { htmlPage, type HtmlPage, text } from './html.page.js';

/** One input of a form. */
export interface Input {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password' | 'email';
  readonly autocomplete: string;
  readonly minLength?: number;
  /** May stay empty; required when absent. */
  readonly optional?: true;
  /** Filled in by the page, and not to be changed. */
  readonly fixed?: true;
}

/** A form of a page behind a mailed link. */
export interface LinkForm {
  readonly id: string;
  readonly heading: string;
  readonly inputs: readonly Input[];
  readonly button: string;
}

const style = `main{max-width:26rem;padding-top:12vh}section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.6rem;margin-bottom:1rem}
h1{font-size:1.35rem;margin:0 0 .4rem}h2{font-size:1.05rem;margin:0 0 .6rem}label{display:block;margin:.7rem 0;color:var(--quiet);font-size:.9rem}
input{display:block;width:100%;margin-top:.2rem;padding:.55rem .7rem;font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--line);border-radius:8px}
button{width:100%;margin-top:.6rem;padding:.65rem;font:inherit;font-weight:600;color:var(--card);background:var(--accent);border:0;border-radius:8px;cursor:pointer}button:disabled{opacity:.6}
input[readonly]{color:var(--quiet)}form [role=status]{margin:.8rem 0 0}[role=status]:empty{display:none}[role=status]:focus{outline:0}.bad{color:var(--bad)}.good{color:var(--good)}`;

/**
 * Common to every page: the token comes in the fragment, which no server and no log ever sees, and is taken out of the
 * address bar at once; the tab keeps it until it is used, so that the page can be loaded again. `send` speaks to the API and gives its answer or throws what to tell the person. What is said takes
 * the focus, which the button that was pressed may have lost. `dead` tells of a link that leads nowhere and takes the forms
 * away; once one form is done, so are the others.
 */
const commonScript = `'use strict';
const fragment=decodeURIComponent(location.hash.slice(1));
const store=use=>{try{return use(sessionStorage)}catch{return ''}};
const given=new URLSearchParams(fragment.replace(/^\\?/,'')).get('token')||(fragment.includes('=')?'':fragment)||new URLSearchParams(location.search).get('token')||'';
history.replaceState(null,'',location.pathname);
if(given)store(kept=>kept.setItem(location.pathname,given));
const token=given||store(kept=>kept.getItem(location.pathname))||'';
const tell=(place,words,kind)=>{place.textContent=words;place.className=kind;if(words)place.focus()};
const say=(form,words,kind)=>tell(form.querySelector('[role=status]'),words,kind);
const forms=[...document.querySelectorAll('form')];const sectionOf=form=>form.closest('section');
const dead=words=>{forms.forEach(form=>{sectionOf(form).hidden=true});tell(document.getElementById('lead'),words,'bad')};
async function send(method,path,body,bearer){
  const headers={};if(body)headers['content-type']='application/json';if(bearer)headers.authorization='Bearer '+bearer;
  let answer;try{answer=await fetch(path,{method,headers,body:body&&JSON.stringify(body)})}catch{throw Object.assign(new Error('No connection. Please try again.'),{passes:true})}
  const content=answer.status===204?{}:await answer.json().catch(()=>({}));
  if(!answer.ok)throw Object.assign(new Error((content.errors||[]).map(e=>e.problem).join('. ')||content.detail||'That did not work.'),{passes:answer.status===429||answer.status>=500});
  return content}
function on(id,done,work){const form=document.getElementById(id);form.addEventListener('submit',async event=>{event.preventDefault();
  const button=form.querySelector('button');button.disabled=true;say(form,'','');
  try{await work(Object.fromEntries(new FormData(form)));sectionOf(form).querySelectorAll('h2,label,button').forEach(e=>e.remove());
    store(kept=>kept.removeItem(location.pathname));forms.forEach(other=>{if(other!==form)sectionOf(other).hidden=true});document.getElementById('next').hidden=false;say(form,done,'good')}
  catch(error){button.disabled=false;say(form,error.message,'bad')}})}
if(!token)dead('This page needs the link from your mail.');
`;

/** A page of one or more forms; `script` wires each by `on(id, done, work)`. */
export function linkPage(title: string, lead: string, forms: readonly LinkForm[], script: string): HtmlPage {
  const body = `<main><noscript><section>This page needs JavaScript: please allow it for this site, and open the link in your mail again.</section></noscript><section><h1>${text(title)}</h1><p id="lead" class="quiet" role="status" tabindex="-1">${text(lead)}</p></section>${forms.map(formHtml).join('')}<p id="next" hidden>The way in is the API: <a href="/docs">its documentation</a> says how to sign in and what to do then.</p></main>`;
  return htmlPage({ title: `${title} · Apollo Space`, body, style, script: commonScript + script });
}

function formHtml(form: LinkForm): string {
  const inputs = form.inputs
    .map(
      (input) =>
        `<label>${text(input.label)}<input name="${input.name}" type="${input.type}" autocomplete="${input.autocomplete}"${input.fixed ? ' readonly' : input.optional ? '' : ' required'} maxlength="200"${input.minLength ? ` minlength="${input.minLength}"` : ''}></label>`,
    )
    .join('');
  return `<section><h2>${text(form.heading)}</h2><form id="${form.id}">${inputs}<button>${text(form.button)}</button><p role="status" tabindex="-1"></p></form></section>`;
}
