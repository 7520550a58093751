//! The bill of a day: an archive of tables in GBK, whose address comes in a signed answer.

use super::Alipay;
use crate::PayError;
use crate::bill::{BillLine, Columns, lines};
use serde_json::json;
use std::io::{Cursor, Read as _};

/// The most bytes of an unpacked table.
const MOST_BYTES: u64 = 64 << 20;

const COLUMNS: Columns = Columns {
    trade: "支付宝交易号",
    number: "商户订单号",
    kind: "业务类型",
    paid: "交易",
    refund: "退款",
    paid_fen: "订单金额（元）",
    refund_fen: "订单金额（元）",
};

impl Alipay {
    /// What Alipay took in and sent back on a day, `2026-12-01`; it is there from 9 o'clock of the next
    /// day on.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn bill(&self, day: &str) -> Result<Vec<BillLine>, PayError> {
        let content = json!({ "bill_type": "trade", "bill_date": day });
        let method = "alipay.data.dataservice.bill.downloadurl.query";
        let answer = self.ask(method, &content, &[]).await?;
        if answer.text("sub_code") == "isp.bill_not_exist" {
            return Ok(Vec::new());
        }
        let answer = answer.succeeded()?;
        let reply = self
            .line
            .ask("GET", answer.text("bill_download_url"), &[], Vec::new())
            .await?;
        if reply.status != 200 {
            return Err(PayError::Unreachable(format!(
                "the bill: HTTP {}",
                reply.status
            )));
        }
        unpacked(&reply.body)
    }
}

/// The lines of every table of the archive that has some; the one with sums has none.
fn unpacked(archive: &[u8]) -> Result<Vec<BillLine>, PayError> {
    let no_zip = |_| PayError::Garbage("the bill is no archive");
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).map_err(no_zip)?;
    let mut read = None;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(no_zip)?;
        let mut bytes = Vec::new();
        let whole = file.take(MOST_BYTES).read_to_end(&mut bytes);
        whole.map_err(|_| PayError::Garbage("the bill is damaged"))?;
        let (text, _, _) = encoding_rs::GBK.decode(&bytes);
        if let Ok(lines) = lines(&text, &COLUMNS) {
            read.get_or_insert_with(Vec::new).extend(lines);
        }
    }
    read.ok_or(PayError::Garbage("a bill without its table"))
}
