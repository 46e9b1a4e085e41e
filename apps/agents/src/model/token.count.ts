import type {
  LanguageModelV4FunctionTool,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';

/**
 * One token is up to six letters or digits in a row, one character of a script that is written without blanks, or any
 * other single character that is no blank. Blanks are none. So texts that meet at a blank have together as many as each
 * of them by itself: what was streamed in words can be counted word by word.
 */
const TOKEN =
  /[\p{Ideographic}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]|[\p{L}\p{M}\p{N}]{1,6}|[^\s\p{L}\p{M}\p{N}]/gu;

/** What stands around one message, call or tool. */
const FRAME = 4;

/** @returns tokens of a text, by the rule above */
export function countTokens(text: string): number {
  return text.match(TOKEN)?.length ?? 0;
}

/** @returns tokens of one call of a tool: its name, its arguments as they were written, and a frame */
export function countCall(name: string, argumentsText: string): number {
  return FRAME + countTokens(name) + countTokens(argumentsText);
}

/** @returns tokens of what a model is asked: messages and the tools it is offered, each with a frame */
export function countPrompt(prompt: LanguageModelV4Prompt, tools: readonly LanguageModelV4FunctionTool[]): number {
  const messages = prompt.map((message) => FRAME + textsOf(message).reduce((sum, text) => sum + countTokens(text), 0));
  const offered = tools.map(({ name, description = '', inputSchema }) =>
    [name, description, JSON.stringify(inputSchema)].reduce((sum, text) => sum + countTokens(text), FRAME),
  );
  return [...messages, ...offered].reduce((sum, tokens) => sum + tokens, 0);
}

/** @returns octets of what a model is asked: no tokenizer makes more tokens of it, frames apart */
export function promptBytes(prompt: LanguageModelV4Prompt, tools: readonly LanguageModelV4FunctionTool[]): number {
  return Buffer.byteLength(JSON.stringify([prompt, tools]));
}

/** @returns the text of a result as a model is shown it */
export function resultText(output: LanguageModelV4ToolResultOutput): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'execution-denied':
      return output.reason ?? '';
    default:
      return JSON.stringify(output.value);
  }
}

function textsOf(message: LanguageModelV4Prompt[number]): string[] {
  if (message.role === 'system') return [message.content];
  return message.content.flatMap((part) => {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        return [part.text];
      case 'tool-call':
        return [part.toolName, JSON.stringify(part.input) ?? ''];
      case 'tool-result':
        return [part.toolName, resultText(part.output)];
      default:
        return [];
    }
  });
}
