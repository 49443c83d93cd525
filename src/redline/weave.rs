//! Two orders made one: that of the new text, with what was deleted where it stood.

/// Something of the old side, of the new, or of both; as indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Index on the old side.
    pub old: Option<usize>,
    /// Index on the new side.
    pub new: Option<usize>,
}

/// `partner[i]` is the new index of the `i`-th of the old side. What has none stands behind the nearest before it that has.
#[must_use]
pub fn weave(partner: &[Option<usize>], new_len: usize) -> Vec<Slot> {
    let mut of_new: Vec<Option<usize>> = vec![None; new_len];
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); new_len];
    let mut head = Vec::new();
    let mut before = None;
    for (old, new) in partner.iter().enumerate() {
        match new {
            Some(new) => {
                if let Some(slot) = of_new.get_mut(*new) {
                    *slot = Some(old);
                }
                before = Some(*new);
            }
            None => match before.and_then(|b: usize| behind.get_mut(b)) {
                Some(list) => list.push(old),
                None => head.push(old),
            },
        }
    }
    let mut out: Vec<Slot> = head.into_iter().map(|old| Slot { old: Some(old), new: None }).collect();
    for (new, (old, after)) in of_new.into_iter().zip(behind).enumerate() {
        out.push(Slot { old, new: Some(new) });
        out.extend(after.into_iter().map(|old| Slot { old: Some(old), new: None }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deleted_stand_where_they_stood() {
        let woven = weave(&[None, Some(1), None, Some(0)], 3);
        let shown: Vec<(Option<usize>, Option<usize>)> = woven.iter().map(|s| (s.old, s.new)).collect();
        assert_eq!(
            shown,
            [(Some(0), None), (Some(3), Some(0)), (Some(1), Some(1)), (Some(2), None), (None, Some(2))]
        );
    }
}
