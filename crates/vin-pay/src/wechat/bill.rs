//! The bill of a day: a file that is named by a signed answer, with its digest.

use super::WeChat;
use crate::PayError;
use crate::bill::{BillLine, Columns, lines};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

const COLUMNS: Columns = Columns {
    trade: "微信订单号",
    number: "商户订单号",
    kind: "交易状态",
    paid: "SUCCESS",
    refund: "REFUND",
    paid_fen: "订单金额",
    refund_fen: "申请退款金额",
};

impl WeChat {
    /// What WeChat took in and sent back on a day, `2026-12-01`; it is there from 10 o'clock of the next
    /// day on.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn bill(&self, day: &str) -> Result<Vec<BillLine>, PayError> {
        let path = format!("/v3/bill/tradebill?bill_date={day}&bill_type=ALL");
        let answer = match self.ask("GET", &path, None).await {
            Err(PayError::Refused { code, .. }) if code == "NO_STATEMENT_EXIST" => {
                return Ok(Vec::new());
            }
            answer => answer?,
        };
        let of = |name: &str| answer[name].as_str().unwrap_or_default();
        // It is fetched with a signature of ours, which no other host shall see.
        let path = of("download_url").strip_prefix(&self.line.gateway);
        let path = path.filter(|path| path.starts_with('/'));
        let path = path.ok_or(PayError::Garbage("a bill on another host"))?;
        let authorization = self.authorization("GET", path, "")?;
        let headers = [
            ("authorization", authorization.as_str()),
            ("user-agent", "chejia"),
        ];
        let url = of("download_url");
        let reply = self.line.ask("GET", url, &headers, Vec::new()).await?;
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, &reply.body);
        let digest: String = digest
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if reply.status != 200 || of("hash_type") != "SHA1" || of("hash_value") != digest {
            return Err(PayError::Forged(
                "the bill is not the one whose digest was signed",
            ));
        }
        let text = String::from_utf8(reply.body).map_err(|_| PayError::Garbage("not UTF-8"))?;
        lines(&text, &COLUMNS)
    }
}
