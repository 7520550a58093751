//! The bills of the providers: what they say they took in and sent back on one day.

use crate::{PayError, fen};

/// A line of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillLine {
    /// Our number of the order.
    pub number: String,
    /// The provider's number of the payment.
    pub trade: String,
    /// How much came in, in hundredths of a yuan; what was sent back is below zero.
    pub fen: i64,
}

/// Which columns of a bill say what.
pub(crate) struct Columns {
    pub trade: &'static str,
    pub number: &'static str,
    /// What kind of line it is, and the texts that say that money came in or went out.
    pub kind: &'static str,
    pub paid: &'static str,
    pub refund: &'static str,
    /// How much came in, and how much went out.
    pub paid_fen: &'static str,
    pub refund_fen: &'static str,
}

/// Reads the lines below the head of a bill. Lines above the head, and sums and notes below, are none.
pub(crate) fn lines(text: &str, columns: &Columns) -> Result<Vec<BillLine>, PayError> {
    let clean = |cell: &str| {
        cell.trim_matches(['`', '\t', ' ', '"', '\u{feff}'])
            .to_owned()
    };
    let cells = |line: &str| line.split(',').map(clean).collect::<Vec<_>>();
    let mut rows = text.lines();
    let head = rows
        .by_ref()
        .map(cells)
        .find(|row| row.iter().any(|cell| cell == columns.trade));
    let head = head.ok_or(PayError::Garbage("a bill without a head"))?;
    let at = |name: &str| {
        let found = head.iter().position(|cell| cell == name);
        found.ok_or(PayError::Garbage("a bill without a column that is needed"))
    };
    let (trade, number, kind) = (at(columns.trade)?, at(columns.number)?, at(columns.kind)?);
    let (paid_fen, refund_fen) = (at(columns.paid_fen)?, at(columns.refund_fen)?);
    let mut lines = Vec::new();
    for row in rows.map(cells).filter(|row| row.len() >= head.len()) {
        let amount = |at: usize| {
            let text = row[at].trim_start_matches('-');
            fen(text).ok_or(PayError::Garbage("a bill with an amount that is none"))
        };
        let fen = match row[kind].as_str() {
            text if text == columns.paid => amount(paid_fen)?,
            text if text == columns.refund => -amount(refund_fen)?,
            _ => continue,
        };
        lines.push(BillLine {
            number: row[number].clone(),
            trade: row[trade].clone(),
            fen,
        });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns = Columns {
        trade: "微信订单号",
        number: "商户订单号",
        kind: "交易状态",
        paid: "SUCCESS",
        refund: "REFUND",
        paid_fen: "订单金额",
        refund_fen: "退款金额",
    };

    #[test]
    fn a_bill_is_read_below_its_head_and_above_its_sums() {
        let text = "\u{feff}微信订单号,商户订单号,交易状态,订单金额,退款金额\r\n\
            `42,`P1,`SUCCESS,`99.00,`0.00\r\n`42,`P1,`REFUND,`0.00,`9.50\r\n`43,`P2,`REVOKED,`1.00,`0.00\r\n\
            总交易单数,应结订单总金额\r\n`2,`99.00\r\n";
        let line = |fen| BillLine {
            number: "P1".to_owned(),
            trade: "42".to_owned(),
            fen,
        };
        assert_eq!(
            lines(text, &COLUMNS).expect("read"),
            [line(9_900), line(-950)]
        );
        assert!(lines("", &COLUMNS).is_err());
        assert!(lines("微信订单号,商户订单号\n", &COLUMNS).is_err());
        let wrong = text.replace("99.00,`0.00", "99.0x,`0.00");
        assert!(lines(&wrong, &COLUMNS).is_err());
    }
}
