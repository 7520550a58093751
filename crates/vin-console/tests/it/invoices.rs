//! Invoices, receipts and the reports of finance.

use super::buying::{order, shop};
use super::*;

/// Pays a purchase by transfer.
async fn paid(finance: &mut Browser, number: &str) {
    let admin = format!("/admin/purchases/{number}");
    finance.get(&admin).await;
    let form = [("reference", number), ("amount", "99.00")];
    let got = finance.post(&format!("{admin}/confirm"), &form).await;
    assert_eq!(got.status, 303, "{}", got.body);
}

fn form<'a>(purchases: &[&'a str], tax_number: &'a str, mail: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("kind", "company"),
        ("title", "某某公司"),
        ("tax_number", tax_number),
        ("mail", mail),
    ];
    form.extend(purchases.iter().map(|number| ("purchase", *number)));
    form
}

const TAX: &str = "91350100m000100y43";

#[test]
fn an_invoice_is_asked_for_once_and_seen_by_nobody_else() {
    on_site(async |site| {
        let mut finance = shop(&site).await;
        let (mut customer, _) = site.customer("13812345678", 0).await;
        let (mut other, _) = site.customer("13887654321", 0).await;
        let first = order(&mut customer, "").await;
        let second = order(&mut customer, "").await;
        let receipt = format!("/purchases/{first}/receipt");
        assert_eq!(customer.get(&receipt).await.status, 404, "nothing was paid");
        paid(&mut finance, &first).await;
        paid(&mut finance, &second).await;
        assert_shows(&customer.get(&receipt).await, "¥99.00");
        assert_eq!(other.get(&receipt).await.status, 404);
        customer.get("/invoices").await;
        let good = "finance@example.com";
        for (wrong, said) in [
            (form(&[], TAX, good), "请选择 1 至 100 个订单"),
            (form(&[&first], "123", good), "企业税号应为"),
            (form(&[&first], TAX, "nowhere"), "有效的电子邮箱"),
            (form(&["P000000"], TAX, good), "不能开票"),
        ] {
            let got = customer.post("/invoices", &wrong).await;
            assert_eq!(got.status, 422, "{said}");
            assert!(got.body.contains(said), "{said}");
        }
        other.get("/invoices").await;
        let got = other.post("/invoices", &form(&[&first], TAX, good)).await;
        assert_eq!(got.status, 422, "a purchase of another");
        let got = customer
            .post("/invoices", &form(&[&first], TAX, good))
            .await;
        assert_eq!(got.status, 303, "{}", got.body);
        let got = customer
            .post("/invoices", &form(&[&first, &second], TAX, good))
            .await;
        assert_eq!(got.status, 422, "one of them is on another invoice");
        assert_shows(&customer.get("/invoices").await, "91350100M000100Y43");
        assert!(!other.get("/invoices").await.body.contains("某某公司"));
        assert_eq!(other.post("/invoices/1", &[]).await.status, 404);
        let got = finance.get("/admin/invoices?state=requested").await;
        assert_shows(&got, "某某公司");
        let got = finance
            .post("/admin/invoices/1/issue", &[("number", "12")])
            .await;
        assert_eq!(got.status, 422);
        let number = [("number", "25312000000012345678")];
        let got = finance.post("/admin/invoices/1/issue", &number).await;
        assert_eq!(got.status, 303, "{}", got.body);
        let got = finance
            .post("/admin/invoices/1/reject", &[("reason", "late")])
            .await;
        assert_eq!(got.status, 422, "it waits no more");
        assert_eq!(customer.post("/invoices/1", &[]).await.status, 404);
        assert_shows(&customer.get("/invoices").await, "25312000000012345678");
    });
}

#[test]
fn finance_sees_the_money_and_takes_it_out_as_files() {
    on_site(async |site| {
        let mut finance = shop(&site).await;
        let (mut customer, _) = site.customer("13812345678", 0).await;
        let number = order(&mut customer, "").await;
        paid(&mut finance, &number).await;
        let got = finance.get("/admin/finance").await;
        assert_shows(&got, &number);
        assert_shows(&got, "¥99.00");
        for span in [
            "from=2026-13",
            "from=2026-12&to=2026-11",
            "from=2024-01&to=2026-01",
            "from=x",
        ] {
            let got = finance.get(&format!("/admin/finance?{span}")).await;
            assert_eq!(got.status, 422, "{span}");
        }
        let file = async |finance: &mut Browser, report: &str| {
            finance
                .get(&format!("/admin/finance/file/{report}/csv"))
                .await
                .body
        };
        let receipts = file(&mut finance, "receipts").await;
        assert!(receipts.contains(&format!("\"{number}\"")), "{receipts}");
        assert!(receipts.contains(",99.00,0,0.00,"), "{receipts}");
        let months = file(&mut finance, "months").await;
        assert_eq!(months.lines().count(), 13, "{months}");
        assert!(
            months.contains(",99.00,0.00,0.00,0.00,99.00,0.00,0.00"),
            "{months}"
        );
        let owed = file(&mut finance, "liabilities").await;
        assert!(
            owed.contains("\"purchase\",1000,1000,99.00,99.00,"),
            "{owed}"
        );
        assert_eq!(
            finance.get("/admin/finance/file/other/csv").await.status,
            404
        );
        let store = site.accounts().store();
        let deeds = store.deeds("fin", "", i64::MAX, 50).await.expect("read");
        let noted = deeds.iter().filter(|deed| deed.action == "finance.export");
        assert_eq!(noted.count(), 3);
    });
}
