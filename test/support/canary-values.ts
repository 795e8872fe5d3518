/** Published test numbers that nothing else uses where canaries are searched for: whatever finds one leaked it. */
export const TOLD_VALUES = {
  in_message: { value: '3566 0020 2036 0505', parts: ['3566 0020 2036'] },
  in_note: { value: 'FR14 2004 1010 0505 0001 3M02 606', parts: ['2004 1010 0505'] },
  in_field: { value: 'GB29 NWBK 6016 1331 9268 19', parts: ['6016 1331 92'] },
  in_subject: { value: '3714 496353 98431', parts: ['3714 496353'] },
  in_other_field: { value: '4917 6100 0000 0000', parts: ['4917 6100'] },
  in_text_file: { value: '4000 0025 0000 3155', parts: ['4000 0025 0000'] },
  in_pdf: { value: '2223 0031 2200 3222', parts: ['2223 0031 2200'] },
}
