/** The tools for agents over the Model Context Protocol, on standard input and output. */

import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { ToolHost } from '../core/agent-tools/tool.ts';
import { AGENT_TOOLS } from '../core/agent-tools/tools.ts';
import { describeError } from '../core/errors.ts';

/** Answers until the client closes our standard input. */
export async function answerMcp(host: ToolHost, version: string): Promise<void> {
  const server = new McpServer({ name: 'reward-studio', version: version });
  for (const { name, title, description, input, run } of AGENT_TOOLS) {
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: input,
        annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
      },
      async (given, { mcpReq }) => {
        try {
          const answer = await run(given, host, mcpReq.signal);
          return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer };
        } catch (error) {
          // The agent reads what was wrong and what to do; it is no failure of the protocol.
          return { content: [{ type: 'text', text: describeError(error) }], isError: true };
        }
      },
    );
  }
  const transport = new StdioServerTransport();
  const closed = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
  await server.connect(transport);
  await closed;
  await server.close();
}
