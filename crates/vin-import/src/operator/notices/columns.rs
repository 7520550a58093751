//! What the ministry's records and the lists made of them call their columns.

use crate::operator::cell;

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// 车辆型号: the type approval model.
    Model,
    /// 企业名称: who builds it.
    Maker,
    /// 商标: the mark on it.
    Mark,
    /// 通用名称: the name of the series, which the ministry's own records rarely have.
    Series,
    /// 产品名称: what it is, such as 轿车.
    Product,
    /// 车辆识别代号: patterns of VINs.
    Patterns,
    /// 外形尺寸: length, width and height in one cell.
    Size,
    /// 长
    Length,
    /// 宽
    Width,
    /// 高
    Height,
    /// 轴距
    Wheelbase,
    /// 整备质量
    Kerb,
    /// 额定载质量
    Load,
    /// 轮胎规格
    Tyres,
    /// 发动机型号
    EngineModel,
    /// 排量 in mL.
    Volume,
    /// 功率 in kW.
    Power,
    /// 排量/功率 in one cell, in mL and kW.
    VolumePower,
    /// 燃料种类
    Fuel,
    /// 额定载客, the driver among them.
    Seats,
    /// 底盘型号
    Chassis,
    /// 综合工况油耗 in L/100km.
    Consumption,
    /// 公告批次
    Batch,
    /// 公告日期
    Date,
    /// What no result field holds.
    Unused,
}

/// The labels of each column, without blanks and without the unit in brackets behind them.
pub const LABELS: &[(Column, &[&str])] = &[
    (
        Column::Model,
        &["车辆型号", "产品型号", "产品型号名称", "公告型号", "型号"],
    ),
    (
        Column::Maker,
        &[
            "企业名称",
            "生产企业",
            "生产企业名称",
            "车辆生产企业",
            "制造商",
            "制造企业",
            "公司名称",
        ],
    ),
    (
        Column::Mark,
        &["商标", "产品商标", "品牌", "中文品牌", "车辆品牌"],
    ),
    (
        Column::Series,
        &["通用名称", "车系", "车系名称", "车型系列"],
    ),
    (Column::Product, &["产品名称", "车辆名称", "车辆类型"]),
    (
        Column::Patterns,
        &[
            "识别代号",
            "车辆识别代号",
            "车辆识别代号(vin)",
            "车辆识别代码",
            "车辆识别代码(vin)",
            "识别代码",
            "vin",
            "vin码",
            "车架号",
        ],
    ),
    (
        Column::Size,
        &["外形尺寸", "外廓尺寸", "整车外形尺寸", "长宽高", "长×宽×高"],
    ),
    (
        Column::Length,
        &[
            "长",
            "长度",
            "车长",
            "外形尺寸长",
            "外廓尺寸长",
            "外形尺寸-长",
        ],
    ),
    (
        Column::Width,
        &[
            "宽",
            "宽度",
            "车宽",
            "外形尺寸宽",
            "外廓尺寸宽",
            "外形尺寸-宽",
        ],
    ),
    (
        Column::Height,
        &[
            "高",
            "高度",
            "车高",
            "外形尺寸高",
            "外廓尺寸高",
            "外形尺寸-高",
        ],
    ),
    (Column::Wheelbase, &["轴距"]),
    (Column::Kerb, &["整备质量", "整车整备质量"]),
    (
        Column::Load,
        &["额定载质量", "额定载重", "核定载质量", "载质量"],
    ),
    (Column::Tyres, &["轮胎规格", "轮胎", "轮胎型号"]),
    (Column::EngineModel, &["发动机型号", "发动机"]),
    (Column::Volume, &["排量", "发动机排量"]),
    (
        Column::Power,
        &[
            "功率",
            "发动机功率",
            "最大功率",
            "额定功率",
            "发动机最大功率",
        ],
    ),
    (
        Column::VolumePower,
        &["排量/功率", "排量和功率", "排量功率", "排量(ml)/功率(kw)"],
    ),
    (Column::Fuel, &["燃料种类", "燃料", "燃料类型", "燃油种类"]),
    (
        Column::Seats,
        &[
            "额定载客",
            "额定载客人数",
            "额定载客(含驾驶员)(座位数)",
            "载客人数",
            "座位数",
            "核定载客",
        ],
    ),
    (Column::Chassis, &["底盘型号"]),
    (
        Column::Consumption,
        &[
            "综合工况燃料消耗量",
            "综合燃料消耗量",
            "燃料消耗量",
            "综合油耗",
            "油耗",
        ],
    ),
    (Column::Batch, &["公告批次", "批次", "批号", "发布批次"]),
    (
        Column::Date,
        &[
            "公告日期",
            "发布日期",
            "公告时间",
            "公告生效日期",
            "生效日期",
        ],
    ),
    (
        Column::Unused,
        &[
            "序号",
            "产品号",
            "产品id",
            "目录序号",
            "总质量",
            "轴数",
            "轴荷",
            "发动机企业",
            "发动机生产企业",
            "发动机商标",
            "轮胎数",
            "弹簧片数",
            "钢板弹簧片数",
            "接近角/离去角",
            "前悬/后悬",
            "最高车速",
            "转向型式",
            "驾驶室准乘人数",
            "前排乘客数",
            "拖挂车总质量",
            "准拖挂车总质量",
            "半挂车鞍座最大允许承载质量",
            "载质量利用系数",
            "依据标准",
            "排放依据标准",
            "排放标准",
            "底盘企业",
            "底盘类别",
            "防抱死制动系统",
            "车身反光标识企业",
            "反光标识企业",
            "反光标识型号",
            "反光标识商标",
            "其它",
            "其他",
            "备注",
            "生产地址",
            "企业地址",
            "注册地址",
            "货厢栏板内尺寸",
            "货厢长",
            "货厢宽",
            "货厢高",
            "轮距",
            "前轮距",
            "后轮距",
        ],
    ),
];

/// What a label means.
pub fn of(text: &str) -> Option<Column> {
    let text = cell::plain(text);
    let without_unit = text
        .rfind('(')
        .filter(|_| text.ends_with(')'))
        .map_or("", |at| &text[..at]);
    let named = |text: &str| {
        let mut all = LABELS.iter();
        all.find(|(_, labels)| labels.contains(&text))
            .map(|(column, _)| *column)
    };
    named(&text).or_else(|| named(without_unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn labels_are_known_with_units_blanks_and_wide_brackets() {
        for (text, column) in [
            ("车辆型号", Column::Model),
            ("产品 型号：", Column::Model),
            ("车辆识别代号（VIN）", Column::Patterns),
            ("外形尺寸长(mm)", Column::Length),
            ("长（mm）", Column::Length),
            ("额定载客(含驾驶员)(座位数)(人)", Column::Seats),
            ("总质量(kg)", Column::Unused),
        ] {
            assert_eq!(of(text), Some(column), "{text}");
        }
        assert_eq!(of("说明"), None);
    }

    #[test]
    fn a_label_means_one_thing_and_is_written_as_it_is_looked_up() {
        let mut seen = HashSet::new();
        for (_, labels) in LABELS {
            for label in *labels {
                assert!(seen.insert(label), "{label} stands twice");
                // A star is no part of a label when it is looked up.
                assert_eq!(cell::plain(label), label.replace('*', ""), "{label}");
            }
        }
    }
}
