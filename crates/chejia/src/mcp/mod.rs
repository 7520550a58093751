//! Tools for an assistant, over the Model Context Protocol.
//!
//! A tool's answer is the JSON of the HTTP interface; who answers is [`Source`]. What cannot be answered
//! is an error of the tool, with a sentence for who asked, never a failure of the protocol.

mod http;
mod own;
mod remote;
mod tool;

pub use http::{Token, serve};
pub use own::Own;
pub use remote::Remote;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler};
use serde_json::Value as Json;
use std::sync::Arc;
use tool::{Asked, TOOLS};

/// Who answers.
pub enum Source {
    /// This program, from its own data; nothing is charged.
    Own(Own),
    /// A server, by its HTTP interface; it charges and logs.
    Remote(Remote),
}

/// The tools, for one client or many.
#[derive(Clone)]
pub struct Tools(Arc<Source>);

impl Tools {
    /// Tools that ask `source`.
    pub fn new(source: Source) -> Self {
        Self(Arc::new(source))
    }

    async fn ask(&self, asked: &Asked) -> Result<Json, String> {
        match &*self.0 {
            Source::Own(own) => own.ask(asked),
            Source::Remote(remote) => remote.ask(asked).await,
        }
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let charged = match &*self.0 {
            Source::Own(_) => {
                "数据来自本机，不收费。Answers come from local data and cost nothing."
            }
            Source::Remote(_) => {
                "decode_vin 与 explain_vin 查到车系即扣一次。decode_vin and explain_vin cost one call \
                 when the series is known; search and balance are free."
            }
        };
        let mut info = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        info.server_info =
            Implementation::new("chejia", env!("CARGO_PKG_VERSION")).with_title("车架 Chejia");
        info.instructions = Some(format!(
            "按车架号（VIN）查询车辆，并检索车型库。Decodes vehicle identification numbers and searches a \
             catalogue of cars. {charged}"
        ));
        info
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = TOOLS.iter().map(tool::Spec::shown).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(spec) = TOOLS.iter().find(|spec| spec.name == request.name) else {
            let text = format!("no tool {}", request.name);
            return Err(ErrorData::invalid_params(text, None));
        };
        let arguments = Json::Object(request.arguments.unwrap_or_default());
        let answer = match (spec.read)(arguments) {
            Ok(asked) => self.ask(&asked).await,
            Err(error) => Err(format!("参数有误 · wrong arguments: {error}")),
        };
        Ok(match answer {
            Ok(json) => {
                let mut result = CallToolResult::structured(json);
                let shown = result.structured_content.as_ref().map(tool::summary);
                let text = ContentBlock::text(shown.unwrap_or_default());
                result.content.insert(0, text);
                result.into()
            }
            Err(text) => CallToolResult::error(vec![ContentBlock::text(text)]).into(),
        })
    }
}
