//! The registry of result fields: the one table that JSON, console, documents and tests walk.

use crate::Bilingual;

/// The JSON kind of a field; it never changes for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A JSON integer, `0` when unknown.
    Int,
    /// A JSON string, `""` when unknown; numbers too.
    Text,
    /// A JSON string, `null` when unknown.
    NullableText,
    /// A JSON array of strings, empty when unknown.
    Texts,
    /// A JSON object, `null` when none of its members is known.
    Object,
    /// The JSON array of candidate cars.
    Candidates,
}

/// The part of the vehicle that a field describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Which vehicle it is.
    Identity,
    /// Engine, fuel and power.
    Engine,
    /// Gearbox and drive.
    Drive,
    /// Body, sizes, tyres and brakes.
    Body,
    /// Prices.
    Price,
    /// Oil, gearbox details and candidates.
    Objects,
}

impl Group {
    /// Every group, in the order of the documents.
    pub const ALL: [Self; 6] = [
        Self::Identity,
        Self::Engine,
        Self::Drive,
        Self::Body,
        Self::Price,
        Self::Objects,
    ];

    /// The heading for people.
    pub const fn label(self) -> Bilingual {
        match self {
            Self::Identity => Bilingual {
                zh: "车辆信息",
                en: "Identity",
            },
            Self::Engine => Bilingual {
                zh: "发动机",
                en: "Engine",
            },
            Self::Drive => Bilingual {
                zh: "变速与驱动",
                en: "Gearbox and drive",
            },
            Self::Body => Bilingual {
                zh: "车身与底盘",
                en: "Body and chassis",
            },
            Self::Price => Bilingual {
                zh: "价格",
                en: "Price",
            },
            Self::Objects => Bilingual {
                zh: "油液与候选车型",
                en: "Fluids and candidates",
            },
        }
    }
}

/// One field of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// Its path in the JSON result, such as `brand` or `machineoil.volume`.
    pub path: &'static str,
    /// Its JSON kind.
    pub kind: Kind,
    /// The part of the vehicle that it describes.
    pub group: Group,
    /// The unit of its value, or `""`.
    pub unit: &'static str,
    /// Its label for people.
    pub label: Bilingual,
}

impl Field {
    /// The object that holds it (`machineoil`), or `None` for a field of the top level.
    pub fn parent(&self) -> Option<&'static str> {
        self.path.split_once('.').map(|(parent, _)| parent)
    }

    /// Its name within its object.
    pub fn name(&self) -> &'static str {
        self.path
            .rsplit_once('.')
            .map_or(self.path, |(_, name)| name)
    }
}

macro_rules! fields {
    ($($id:ident $path:literal $kind:ident $group:ident $unit:literal $zh:literal $en:literal;)+) => {
        /// The id of a result field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum FieldId {
            $(#[doc = $en] $id,)+
        }

        impl FieldId {
            /// How many fields there are.
            pub const COUNT: usize = FIELDS.len();

            /// The field's row in the registry.
            pub const fn spec(self) -> &'static Field {
                &FIELDS[self as usize]
            }
        }

        /// Every field, in the order in which an answer lists them; members follow their object.
        pub const FIELDS: &[Field] = &[
            $(Field {
                id: FieldId::$id,
                path: $path,
                kind: Kind::$kind,
                group: Group::$group,
                unit: $unit,
                label: Bilingual { zh: $zh, en: $en },
            },)+
        ];
    };
}

fields! {
    Vin "vin" Text Identity "" "车架号" "VIN";
    Manufacturer "manufacturer" Text Identity "" "厂家名称" "Manufacturer";
    Brand "brand" Text Identity "" "品牌" "Brand";
    TypeName "typename" Text Identity "" "车系" "Series";
    TypeId "typeid" Int Identity "" "车系 ID" "Series id";
    CarType "cartype" Text Identity "" "车型" "Series, under its former name";
    Name "name" Text Identity "" "车型全称" "Full name";
    YearType "yeartype" Text Identity "" "年款" "Model year";
    Version "version" Text Identity "" "版本" "Version";
    ListDate "listdate" Text Identity "yyyy-MM-dd" "上市日期" "Launch date";
    CarId "carid" Int Identity "" "车 ID" "Car id";
    CarIdExternal "caridexternal" Text Identity "" "外部车 ID" "Car id in another catalogue";
    GroupId "groupid" Text Identity "" "车组 ID" "Group id";
    GroupName "groupname" Text Identity "" "车组名称" "Group name";
    Model "model" Text Identity "" "工信部型号" "Type approval model (MIIT)";
    SizeType "sizetype" Text Identity "" "尺寸类型" "Size class";
    IsImport "isimport" Int Identity "" "是否进口" "Imported into China (1 yes)";
    IsCorrect "iscorrect" Int Identity "" "车架号是否正确" "VIN well-formed and check digit right (1 yes)";
    Logo "logo" Text Identity "" "品牌标识" "Brand mark URL";
    Engine "engine" Text Engine "" "发动机" "Engine";
    EngineModel "enginemodel" Text Engine "" "发动机型号" "Engine model";
    Displacement "displacement" Text Engine "L" "排量" "Displacement, with T when turbocharged";
    DisplacementMl "displacementml" Text Engine "mL" "排量（毫升）" "Displacement in millilitres";
    CylinderNum "cylindernum" Text Engine "" "气缸数" "Cylinders";
    FuelMethod "fuelmethod" Text Engine "" "供油方式" "Fuel delivery";
    FuelType "fueltype" Text Engine "" "燃油类型" "Fuel";
    FuelGrade "fuelgrade" Text Engine "" "燃油标号" "Fuel grade";
    MaxPower "maxpower" Text Engine "kW" "最大功率" "Maximum power";
    MaxHorsepower "maxhorsepower" Text Engine "Ps" "最大马力" "Maximum horsepower";
    ComFuelConsumption "comfuelconsumption" Text Engine "L/100km" "综合油耗" "Combined fuel consumption";
    EnvironmentalStandards "environmentalstandards" Text Engine "" "排放标准" "Emission standard";
    Gearbox "gearbox" Text Drive "" "变速箱" "Gearbox";
    GearNum "gearnum" Text Drive "" "挡位数" "Gears";
    GearType "geartype" Text Drive "" "变速箱类型" "Gearbox type";
    DriveMode "drivemode" Text Drive "" "驱动方式" "Drive";
    BodyType "bodytype" Text Body "" "车身型式" "Body type";
    CarBody "carbody" Text Body "" "车身形式" "Body form";
    BodyStructure "bodystructure" Text Body "" "车体结构" "Body structure";
    DoorNum "doornum" Text Body "" "车门数" "Doors";
    SeatNum "seatnum" Text Body "" "座位数" "Seats";
    Len "len" Text Body "mm" "长" "Length";
    Width "width" Text Body "mm" "宽" "Width";
    Height "height" Text Body "mm" "高" "Height";
    Wheelbase "wheelbase" Text Body "mm" "轴距" "Wheelbase";
    Weight "weight" Text Body "kg" "整备质量" "Kerb weight";
    RatedLoadWeight "ratedloadweight" NullableText Body "kg" "额定载质量" "Rated load";
    Chassis "chassis" NullableText Body "" "底盘" "Chassis";
    FrontTireSize "fronttiresize" Text Body "" "前轮胎规格" "Front tyre size";
    RearTireSize "reartiresize" Text Body "" "后轮胎规格" "Rear tyre size";
    FrontBrakeType "frontbraketype" Text Body "" "前制动类型" "Front brakes";
    RearBrakeType "rearbraketype" Text Body "" "后制动类型" "Rear brakes";
    ParkingBrakeType "parkingbraketype" Text Body "" "驻车制动类型" "Parking brake";
    Price "price" Text Price "万元" "厂商指导价" "Guide price in China";
    MarketPrice "marketprice" Text Price "万元" "市场价" "Market price in China";
    MachineOil "machineoil" Object Objects "" "机油" "Engine oil";
    OilVolume "machineoil.volume" Text Objects "" "机油用量" "Oil volume";
    OilViscosity "machineoil.viscosity" Text Objects "" "机油黏度" "Oil viscosity";
    OilGrade "machineoil.grade" Text Objects "" "机油种类" "Oil kind";
    OilLevel "machineoil.level" Text Objects "" "机油级别" "Oil service level";
    GearboxInfo "gearboxinfo" Object Objects "" "变速箱信息" "Gearbox details";
    GearboxBrand "gearboxinfo.gearboxbrand" Text Objects "" "变速箱品牌" "Gearbox brand";
    GearboxModel "gearboxinfo.gearboxmodel" Text Objects "" "变速箱型号" "Gearbox model";
    GearboxJoint "gearboxinfo.joint" Text Objects "" "换油接头" "Oil change adapter";
    GearboxGravityOil "gearboxinfo.gravityoil" Text Objects "" "重力换油用量" "Oil for a gravity change";
    GearboxMechanicalOil "gearboxinfo.mechanicaloil" Text Objects "" "循环机换油用量" "Oil for a machine change";
    GearboxJointPics "gearboxinfo.jointpiclist" Texts Objects "" "接头图片" "Pictures of the adapter";
    GearboxPositionPics "gearboxinfo.positionpiclist" Texts Objects "" "接头位置图片" "Pictures of its place";
    GearboxCheckFillPics "gearboxinfo.checkfillpiclist" Texts Objects "" "检查与加注图片" "Pictures of check and fill plugs";
    CarList "carlist" Candidates Objects "" "可能的车型" "Possible cars, best first";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn there_are_sixty_nine_fields_with_distinct_paths_and_labels() {
        assert_eq!(FIELDS.len(), 69);
        let paths: HashSet<_> = FIELDS.iter().map(|f| f.path).collect();
        assert_eq!(paths.len(), FIELDS.len());
        for (i, field) in FIELDS.iter().enumerate() {
            assert_eq!(field.id as usize, i);
            assert!(!field.label.zh.is_empty() && !field.label.en.is_empty());
        }
    }

    #[test]
    fn members_follow_their_object() {
        let mut open = None;
        for field in FIELDS {
            match field.parent() {
                Some(parent) => assert_eq!(open, Some(parent), "{}", field.path),
                None => open = (field.kind == Kind::Object).then_some(field.path),
            }
        }
    }

    #[test]
    fn the_fixed_kinds_are_those_that_strict_clients_decode() {
        let of = |kind| {
            let named = FIELDS.iter().filter(move |f| f.kind == kind);
            named.map(|f| f.path).collect::<Vec<_>>()
        };
        assert_eq!(of(Kind::Int), ["typeid", "carid", "isimport", "iscorrect"]);
        assert_eq!(of(Kind::NullableText), ["ratedloadweight", "chassis"]);
        assert_eq!(of(Kind::Object), ["machineoil", "gearboxinfo"]);
        assert_eq!(of(Kind::Candidates), ["carlist"]);
    }
}
