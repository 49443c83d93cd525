//! The chapter as a programmer would write it by hand: the floor that the engine is measured against, and its check.
//!
//! [`known`] takes facts that are all known; [`open`] facts that may be 不明. Both give for every person and office the
//! conclusions, the options and the provisions that decided.
pub mod facts;
pub mod known;
pub mod open;

/// Roles, bit by bit.
pub mod role {
    pub const HANDLER: u8 = 1;
    pub const AUDITOR: u8 = 2;
    pub const APPROVER: u8 = 4;
    pub const HEAD: u8 = 8;
    pub const CHIEF: u8 = 16;
    pub const SUPERIOR: u8 = 32;
}

/// Provisions, bit by bit, conclusion by conclusion as the program has them.
pub mod rule {
    /// 责任
    pub const UNAUTHORISED: u64 = 1;
    pub const FRAUD: u64 = 1 << 1;
    pub const DEVIATED: u64 = 1 << 2;
    pub const NEGLIGENT: u64 = 1 << 3;
    pub const OVERRULED: u64 = 1 << 4;
    pub const UNSUBMITTED: u64 = 1 << 5;
    pub const CHANGED: u64 = 1 << 6;
    pub const HEAD: u64 = 1 << 7;
    pub const NOT_HEAD: u64 = 1 << 8;
    pub const JOINT: u64 = 1 << 9;
    pub const SUPERIOR: u64 = 1 << 10;
    pub const OBEYED: u64 = 1 << 11;
    pub const UNLAWFUL: u64 = 1 << 12;
    pub const FORCE: u64 = 1 << 13;
    pub const CAUSE: u64 = 1 << 14;
    pub const COUNTERPART: u64 = 1 << 15;
    /// 责任比重
    pub const MAIN: u64 = 1 << 16;
    pub const SECONDARY: u64 = 1 << 17;
    /// 情节
    pub const CONTINUED: u64 = 1 << 18;
    pub const REPEATED: u64 = 1 << 19;
    pub const DISTURBED: u64 = 1 << 20;
    pub const RETALIATED: u64 = 1 << 21;
    pub const LIGHTER: u64 = 1 << 22;
    pub const MAY_LIGHTER: u64 = 1 << 23;
    /// 不予追究
    pub const PREVENTED: u64 = 1 << 24;
    pub const VERY_SLIGHT: u64 = 1 << 25;
    /// 处理形式: four forms, and four again for those who failed the annual review
    pub const FORMS: u32 = 26;
    /// 移送处理
    pub const DISCIPLINE: u64 = 1 << 34;
    pub const CRIME: u64 = 1 << 35;
    /// 提出改正撤销意见
    pub const MAY_OBJECT: u64 = 1 << 36;
    /// 责任 of offices
    pub const OFFICE: u64 = 1 << 37;
    pub const OFFICE_FORCE: u64 = 1 << 38;

    /// All of 责任.
    pub const LIABILITY: u64 = (1 << 16) - 1;
    /// Those that excuse.
    pub const EXCUSES: u64 = FORCE | CAUSE | COUNTERPART;
    /// Those for 不承担.
    pub const AGAINST: u64 = EXCUSES | OBEYED | NOT_HEAD;
    /// Those for 承担.
    pub const FOR: u64 = LIABILITY & !AGAINST;
    /// Those by or against orders, which give way to excuses only.
    pub const ORDERS: u64 = SUPERIOR | UNLAWFUL;
    /// Those that give way where a head is responsible for all.
    pub const BELOW_HEAD: u64 = NEGLIGENT | OVERRULED | CHANGED;
    /// Those that a head is not responsible for.
    pub const ABOVE_HEAD: u64 = UNAUTHORISED | FRAUD | DEVIATED | UNSUBMITTED | JOINT | ORDERS;

    /// What the provisions are called, in the order of the bits.
    pub const ADDRESSES: [&str; 41] = [
        "第十五条第一项",
        "第十五条第二项",
        "第十五条第三项",
        "第十五条第四项",
        "第十五条第五项",
        "第十五条第六项",
        "第十五条第七项",
        "第十六条",
        "第十六条",
        "第十七条",
        "第十八条",
        "第十八条",
        "第十八条",
        "第二十二条第一项",
        "第二十二条第二项",
        "第二十二条第三项",
        "第十五条",
        "第十五条",
        "第十九条第一项",
        "第十九条第二项",
        "第十九条第三项",
        "第十九条第四项",
        "第二十条",
        "第二十一条",
        "第二十一条",
        "第二十三条",
        "第二十四条第一款第一项",
        "第二十四条第一款第二项",
        "第二十四条第一款第三项",
        "第二十四条第一款第四项",
        "第二十四条第二款",
        "第二十四条第二款",
        "第二十四条第二款",
        "第二十四条第二款",
        "第二十四条第三款",
        "第二十四条第四款",
        "第十八条",
        "第十七条",
        "第二十二条第一项",
        "第二十二条第二项",
        "第二十二条第三项",
    ];
    /// First provision of each conclusion, in the order of declaration: 责任, 责任比重, 情节, 不予追究, 处理形式, 移送处理,
    /// 提出改正撤销意见; 责任 of offices.
    pub const STARTS: [u32; 9] = [0, 16, 18, 24, 26, 34, 36, 37, 41];
}
