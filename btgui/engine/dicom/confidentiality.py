"""The elements of a DICOM header that may identify the patient, by the standard's own list."""

from __future__ import annotations

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import DataElement

# The patient, the clinical trial, the study's order, the visit, and the retired results.
_GROUPS = frozenset({0x0010, 0x0012, 0x0032, 0x0038, 0x4008})
# Person names, dates and times: the table lists nearly all of them, vendors add their own.
_KINDS = frozenset({"PN", "DA", "DT", "TM"})
_CURVES, _OVERLAYS, _OVERLAY_COMMENTS = 0x5000, 0x6000, 0x4000
# DICOM PS3.15 (2026c), table E.1-1: every element that the Basic Application Level Confidentiality
# Profile removes, empties, replaces or cleans and that pydicom's dictionary knows. Omitted are
# elements of the groups and VRs above, and sequences and binary elements, which are never shown.
_NAMES = """
    AccessionNumber AcquisitionComments AcquisitionContextDescription
    AcquisitionDeviceProcessingDescription AcquisitionFieldOfViewLabel
    AcquisitionProtocolDescription AcquisitionUID AddressTrial AdmittingDiagnosesDescription
    AffectedSOPInstanceUID AnnotationGroupDescription AnnotationGroupLabel AnnotationGroupUID
    Arbitrary BarcodeValue BeamDescription BolusDescription CameraOwnerName CassetteID
    ChannelDerivationDescription ChannelLabel CommentsOnRadiationDose
    CommentsOnThePerformedProcedureStep CompensatorDescription ConcatenationUID
    ConceptualVolumeCombinationDescription ConceptualVolumeDescription ConceptualVolumeUID
    ConfidentialityConstraintOnPatientDataDescription ConstituentConceptualVolumeUID
    ContainerComponentID ContainerDescription ContainerIdentifier ContrastBolusAgent
    ContributionDescription DecompositionDescription DerivationDescription DestinationAE
    DetectorID DeviceAlternateIdentifier DeviceDescription DeviceLabel DeviceSerialNumber
    DeviceUID DigitalSignatureUID DimensionOrganizationUID DisplacementReferenceLabel
    DoseReferenceDescription DoseReferenceUID DosimetricObjectiveUID EntityDescription
    EntityLabel EntityLongLabel EntityName EquipmentFrameOfReferenceDescription
    FailedSOPInstanceUIDList FiducialUID FillerOrderNumberImagingServiceRequest
    FilterLookupTableDescription FixationDeviceDescription FractionGroupDescription
    FractionationNotes FrameComments FrameOfReferenceUID GPSAltitude GPSAltitudeRef GPSDOP
    GPSDestBearing GPSDestBearingRef GPSDestDistance GPSDestDistanceRef GPSDestLatitude
    GPSDestLatitudeRef GPSDestLongitude GPSDestLongitudeRef GPSDifferential GPSImgDirection
    GPSImgDirectionRef GPSLatitude GPSLatitudeRef GPSLongitude GPSLongitudeRef GPSMapDatum
    GPSMeasureMode GPSSatellites GPSSpeed GPSSpeedRef GPSStatus GPSTrack GPSTrackRef GantryID
    GeneratorID HardcopyCreationDeviceID HumanPerformerOrganization IdentifyingComments
    ImageComments ImagePresentationComments ImagingServiceRequestComments InstanceCreatorUID
    InstanceOriginStatus InstitutionAddress InstitutionName InstitutionalDepartmentName
    InterlockDescription InterlockOriginDescription IrradiationEventUID LabelText
    LargePaletteColorLookupTableUID LensMake LensModel LensSerialNumber LensSpecification
    LongDeviceDescription ManufacturerDeviceClassUID ManufacturerDeviceIdentifier
    MediaStorageSOPInstanceUID ModifiedImageDescription ModifyingDeviceID ModifyingSystem
    MultienergyAcquisitionDescription MultiplexGroupLabel MultiplexGroupUID NetworkID
    ObservationSubjectUIDTrial ObservationUID OrderCallbackPhoneNumber
    OrderCallbackTelecomInformation OrderEntererLocation Originator PaletteColorLookupTableUID
    PatientSetupPhotoDescription PatientSetupUID PatientTransportArrangements
    PatientTreatmentPreparationMethodDescription
    PatientTreatmentPreparationProcedureParameterDescription PerformedLocation
    PerformedProcedureStepDescription PerformedProcedureStepID PerformedStationAETitle
    PerformedStationName PersonAddress PersonTelecomInformation PersonTelephoneNumbers
    PlacerOrderNumberImagingServiceRequest PlateID PositionAcquisitionTemplateDescription
    PositionAcquisitionTemplateName PreMedication PrescriptionDescription PrescriptionNotes
    PresentationDisplayCollectionUID PresentationSequenceCollectionUID
    PriorTreatmentDoseDescription ProtocolName PyramidDescription PyramidLabel PyramidUID
    ROIDescription ROIGenerationDescription ROIName ROIObservationDescription
    ROIObservationLabel RTAccessoryDeviceSlotID RTAccessoryHolderSlotID
    RTPhysicianIntentNarrative RTPlanDescription RTPlanLabel RTPlanName RTPrescriptionLabel
    RTToleranceSetLabel RTTreatmentApproachLabel RTTreatmentPhaseUID
    RadiationDoseIdentificationLabel RadiationDoseInVivoMeasurementLabel
    RadiationGenerationModeDescription RadiationGenerationModeLabel
    ReasonForOmissionDescription ReasonForSuperseding ReasonForTheAttributeModification
    ReasonForTheImagingServiceRequest ReasonForTheRequestedProcedure ReceivingAE
    ReferencedConceptualVolumeUID ReferencedDoseReferenceUID ReferencedDosimetricObjectiveUID
    ReferencedFiducialsUID ReferencedFrameOfReferenceUID
    ReferencedGeneralPurposeScheduledProcedureStepTransactionUID ReferencedObservationUIDTrial
    ReferencedSOPInstanceUID ReferencedSOPInstanceUIDInFile ReferencedTreatmentPositionGroupUID
    ReferringPhysicianAddress ReferringPhysicianTelephoneNumbers RelatedFrameOfReferenceUID
    RequestedProcedureComments RequestedProcedureID RequestedProcedureLocation
    RequestedSOPInstanceUID RequestedSeriesDescription RequestingAE
    RespiratoryMotionCompensationTechniqueDescription RetrieveAETitle SOPInstanceUID
    ScheduledProcedureStepDescription ScheduledProcedureStepID ScheduledProcedureStepLocation
    ScheduledStationAETitle ScheduledStationName SecondaryCaptureDeviceID SelectorAEValue
    SelectorASValue SelectorLOValue SelectorLTValue SelectorSHValue SelectorSTValue
    SelectorURValue SelectorUTValue SeriesDescription SeriesInstanceUID
    SetupTechniqueDescription ShieldingDeviceDescription SlideIdentifier
    SourceConceptualVolumeUID SourceFrameOfReferenceUID SourceManufacturer
    SourceOfPreviousValues SourceSerialNumber SpecimenAccessionNumber
    SpecimenDetailedDescription SpecimenIdentifier SpecimenShortDescription SpecimenUID
    StationAETitle StationName StorageMediaFileSetUID StructureSetDescription StructureSetLabel
    StructureSetName StudyDescription StudyID StudyInstanceUID
    SynchronizationFrameOfReferenceUID TableTopPositionAlignmentUID TargetUID
    TelephoneNumberTrial TemplateExtensionCreatorUID TemplateExtensionOrganizationUID
    TextComments TextString TimezoneOffsetFromUTC TopicAuthor TopicKeywords TopicSubject
    TopicTitle TrackingUID TransactionUID TreatmentMachineName TreatmentPositionGroupLabel
    TreatmentPositionGroupUID TreatmentSessionUID TreatmentSite TreatmentSites
    TreatmentTechniqueNotes TreatmentToleranceViolationDescription UID UnformattedTextValue
    UniqueDeviceIdentifier UserContentLabel UserContentLongLabel VerifyingOrganization
    WaveformFilterDescription XRayDetectorID XRayDetectorLabel XRaySourceID
"""
_TABLE = frozenset(_NAMES.split())


def identifies(element: DataElement) -> bool:
    """Return whether an element may identify the patient.

    Private elements and elements unknown to the dictionary are assumed to do so, because their
    content cannot be known.

    References
    ----------
    DICOM PS3.15, annex E, table E.1-1, column "Basic Prof."
    """
    tag = element.tag
    keyword = keyword_for_tag(tag)
    return (
        not keyword
        or tag.is_private
        or tag.group in _GROUPS
        or element.VR in _KINDS
        or keyword in _TABLE
        or tag.group & 0xFF00 == _CURVES
        or (tag.group & 0xFF00 == _OVERLAYS and tag.element == _OVERLAY_COMMENTS)
    )
