//! Traditional characters of keywords, read as their simplified forms.
//!
//! Every pair has the same length in UTF-8, so places in the simplified text are places in the source.

/// The simplified form of a character of a keyword; any other character is itself.
#[must_use]
pub const fn simplify_char(c: char) -> char {
    match c {
        '並' | '併' => '并',
        '亂' => '乱',
        '個' => '个',
        '億' => '亿',
        '優' => '优',
        '內' => '内',
        '兩' => '两',
        '則' => '则',
        '務' => '务',
        '參' => '参',
        '問' => '问',
        '單' => '单',
        '噸' => '吨',
        '執' => '执',
        '場' => '场',
        '實' => '实',
        '對' => '对',
        '屆' => '届',
        '後' => '后',
        '從' => '从',
        '應' => '应',
        '戶' => '户',
        '捨' => '舍',
        '據' => '据',
        '數' => '数',
        '於' => '于',
        '時' => '时',
        '會' => '会',
        '條' => '条',
        '標' => '标',
        '機' => '机',
        '歲' => '岁',
        '決' => '决',
        '沒' => '没',
        '況' => '况',
        '減' => '减',
        '準' => '准',
        '滿' => '满',
        '為' | '爲' => '为',
        '無' => '无',
        '獨' => '独',
        '畝' => '亩',
        '當' => '当',
        '種' => '种',
        '稱' => '称',
        '節' => '节',
        '範' => '范',
        '簡' => '简',
        '終' => '终',
        '結' => '结',
        '總' => '总',
        '罰' => '罚',
        '義' => '义',
        '與' => '与',
        '舉' => '举',
        '舊' => '旧',
        '萬' => '万',
        '處' => '处',
        '號' => '号',
        '規' => '规',
        '視' => '视',
        '認' => '认',
        '論' => '论',
        '識' => '识',
        '議' => '议',
        '負' => '负',
        '較' => '较',
        '載' => '载',
        '輕' => '轻',
        '辦' => '办',
        '週' => '周',
        '進' => '进',
        '過' => '过',
        '達' => '达',
        '適' => '适',
        '選' => '选',
        '釋' => '释',
        '長' => '长',
        '開' => '开',
        '間' => '间',
        '關' => '关',
        '項' => '项',
        '額' => '额',
        '類' => '类',
        '餘' => '余',
        '點' => '点',
        _ => c,
    }
}

/// A word as the compiler sees it: the same simplification the source undergoes, for names that come from
/// elsewhere (the keys of a case).
#[must_use]
pub fn simplify(word: &str) -> String {
    word.chars().map(simplify_char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_length() {
        for c in '\u{4E00}'..='\u{9FFF}' {
            assert_eq!(c.len_utf8(), simplify_char(c).len_utf8(), "{c}");
        }
        assert_eq!(simplify("應當為"), "应当为");
    }
}
