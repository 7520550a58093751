//! The ministry's records: every form, alternatives, variants, batches.

use super::{Tables, refusals};

const HEADER: &str = "车辆型号,企业名称,商标,产品名称,车辆识别代号(VIN),外形尺寸长(mm),外形尺寸宽(mm),外形尺寸高(mm),轴距(mm),总质量(kg),整备质量(kg),额定载质量(kg),轮胎规格,发动机型号,发动机企业,排量(ml),功率(kW),燃料种类,轴数,额定载客(人),公告批次,公告日期\n";

const SEDAN: &str = "SVW71810BU,上汽大众汽车有限公司,大众汽车(VOLKSWAGEN)牌,轿车,\"LSVNY6A2×××××××××,LSVNY6A4×××××××××\",4670,1806,1474,2688,1800,1340,,\"205/55R16,225/45R17\",DJS,上汽大众动力总成有限公司,1395,110,汽油,2,5,318,2019-03-01\n";
const TRUCK: &str = "EQ5041XXY,东风汽车股份有限公司,东风牌,厢式运输车,LGDCW81G×××××××××,\"5995,5650\",2100,\"2800,3100\",\"3308,2800\",4495,2600,\"1700,1765\",7.00R16LT 8PR,\"ZD30,D28\",,\"2953,2771\",\"96,95\",柴油,2,,319,\n";

#[test]
fn what_is_single_is_known_and_what_lists_alternatives_is_not() {
    let tables = Tables::new();
    let report = tables
        .import("a.csv", format!("{HEADER}{SEDAN}{TRUCK}").as_bytes())
        .expect("good rows");
    assert_eq!((report.rows_read, report.rows_taken), (2, 2));
    assert_eq!(report.notes, []);
    assert_eq!(
        tables.cars(&[]),
        [
            "…01 brand=大众 brand@en=Volkswagen displacementml=1395 enginemodel=DJS fueltype=汽油 fueltype@en=Petrol height=1474 len=4670 \
             manufacturer=上汽大众汽车有限公司 maxpower=110 model=SVW71810BU name=大众汽车(VOLKSWAGEN)牌SVW71810BU轿车 seatnum=5 weight=1340 \
             wheelbase=2688 width=1806 source=产品公告第318批",
            "…02 brand=东风 brand@en=Dongfeng fronttiresize=7.00R16LT 8PR fueltype=柴油 fueltype@en=Diesel manufacturer=东风汽车股份有限公司 model=EQ5041XXY \
             name=东风牌EQ5041XXY厢式运输车 reartiresize=7.00R16LT 8PR weight=2600 width=2100 source=产品公告第319批",
        ]
    );
    assert_eq!(
        tables.rules(),
        [
            "LGD CW81G   cars 1500000002",
            "LSV NY6A2   cars 1500000001",
            "LSV NY6A4   cars 1500000001",
        ]
    );
    assert!(
        tables
            .table("ids.tsv")
            .contains("notices/上汽大众汽车有限公司/SVW71810BU\n")
    );
}

#[test]
fn json_pages_and_workbooks_give_the_same() {
    let expected = [
        "…01 brand=大众 brand@en=Volkswagen displacementml=1395 len=4670 manufacturer=上汽大众汽车有限公司 maxpower=110 model=SVW71810BU \
         name=大众牌SVW71810BU轿车 wheelbase=2688 width=1806",
    ];
    let json = r#"{"code": 0, "data": [{"产品型号": "SVW71810BU", "生产企业": "上汽大众汽车有限公司", "商标": "大众牌", "产品名称": "轿车",
        "识别代号": ["LSVNY6A2×××××××××", "LSVNY6A4×××××××××"], "外形尺寸": "4670×1806×1474,1480", "轴距": 2688, "排量/功率(ml/kW)": "1395/110"}]}"#;
    let page = "<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head><body><h1>详情</h1><table>\
        <tr><td>企业名称：</td><td>上汽大众汽车有限公司</td><td>产品商标</td><td>大众牌</td></tr>\
        <tr><td>产品型号</td><td>SVW71810BU</td><td>产品名称</td><td>轿车</td></tr></table><table>\
        <tr><td>外形尺寸(mm)</td><td>长:4670 宽:1806 高:1474,1480</td><td>轴距(mm)</td><td>2688</td></tr>\
        <tr><td>识别代号</td><td colspan=3>LSVNY6A2×××××××××<br>LSVNY6A4×××××××××</td></tr>\
        <tr><td>排量(ml)</td><td>1395</td><td>功率(kw)</td><td>110</td></tr></table></body></html>";
    let page = encoding_rs::GBK.encode(page).0;
    for (name, bytes) in [("a.json", json.as_bytes()), ("a.html", &page)] {
        let tables = Tables::new();
        let report = tables.import(name, bytes).expect(name);
        assert_eq!((report.rows_read, report.rows_taken), (1, 1), "{name}");
        assert_eq!(tables.cars(&["source"]), expected, "{name}");
        let rules = ["LSV NY6A2   cars 1500000001", "LSV NY6A4   cars 1500000001"];
        assert_eq!(tables.rules(), rules, "{name}");
    }
}

#[test]
fn models_with_one_pattern_are_candidates_each() {
    let tables = Tables::new();
    let rows = "车辆型号,企业名称,商标,识别代号\nAB1,某汽车,某牌,LABCDEFG×××××××××\nAB2,某汽车,某牌,LABCDEFG*********\n";
    tables.import("a.csv", rows.as_bytes()).expect("good rows");
    assert_eq!(
        tables.rules(),
        ["LAB CDEFG   cars 1500000001", "LAB CDEFG   cars 1500000002"]
    );
}

#[test]
fn rows_of_one_model_are_variants_and_a_later_batch_replaces_an_earlier_one() {
    let head = "产品型号,企业名称,轴距,整备质量,识别代号,批次\n";
    let tables = Tables::new();
    let rows = format!(
        "{head}AB1,某,2700,1300,LABCDEFG×××××××××,第300批\nAB1,某,2700,1350,LABCDEFH×××××××××,第300批\nAB1,某,2600,1200,LABCDEFX×××××××××,第299批\nAB2,某,2500,,LABCDEFK×××××××××,\n"
    );
    let report = tables.import("a.csv", rows.as_bytes()).expect("good rows");
    assert_eq!((report.rows_read, report.rows_taken), (4, 4));
    assert_eq!(
        report.notes[0].1,
        "2 rows were joined to another row of the same model"
    );
    let hidden = ["manufacturer", "name"];
    assert_eq!(
        tables.cars(&hidden),
        [
            "…01 model=AB1 wheelbase=2700 source=产品公告第300批",
            "…02 model=AB2 wheelbase=2500 source=产品公告"
        ]
    );
    let rules = [
        "LAB CDEFG   cars 1500000001",
        "LAB CDEFH   cars 1500000001",
        "LAB CDEFK   cars 1500000002",
    ];
    assert_eq!(tables.rules(), rules);

    let older = format!("{head}AB1,某,1,1,LABCDEFA×××××××××,299\n");
    let report = tables.import("b.csv", older.as_bytes()).expect("good rows");
    assert!(
        report.notes[0]
            .1
            .contains("1 models are of an earlier batch"),
        "{:?}",
        report.notes
    );
    assert_eq!(tables.rules(), rules);

    let newer = format!("{head}AB1,某,2710,1300,LABCDEFA×××××××××,301\n");
    tables.import("c.csv", newer.as_bytes()).expect("good rows");
    assert_eq!(
        tables.cars(&hidden)[0],
        "…01 model=AB1 weight=1300 wheelbase=2710 source=产品公告第301批"
    );
    assert_eq!(
        tables.rules(),
        ["LAB CDEFA   cars 1500000001", "LAB CDEFK   cars 1500000002"]
    );
}

#[test]
fn wrong_records_are_refused_with_their_place() {
    let rows = "车辆型号,企业名称,识别代号,外形尺寸,轴距,排量,批次\n\
        AB1,某,LABCDEFG×××××××××,,,,\n\
        ,某,LABCDEFG×××××××××,,,,\n\
        AB型,某,LABCDEFG×××××××××,,,,\n\
        AB3,某,\"LABCDEFG×××××××××,LAB\",,,,\n\
        AB4,某,,4670×1806,,,\n\
        AB5,某,,,27OO,,\n\
        AB6,某,,,,1.8,\n\
        AB7,某,,,,,三百\n";
    let report = Tables::new()
        .import("a.csv", rows.as_bytes())
        .expect("one is taken");
    assert_eq!((report.rows_read, report.rows_taken), (8, 1));
    assert_eq!(
        refusals(&report),
        [
            "a.csv, 3, 车辆型号: : not the code of a model",
            "a.csv, 4, 车辆型号: AB型: not the code of a model",
            "a.csv, 5, 识别代号: LAB: no character of positions 4–8 and 10–14 is known",
            "a.csv, 6, 外形尺寸: 4670×1806: not length, width and height",
            "a.csv, 7, 轴距: 27OO: \"27OO\" is not a number",
            "a.csv, 8, 排量: 1.8: too small for mL, the unit of these records",
            "a.csv, 9, 批次: 三百: not the number of a batch",
        ]
    );
}
